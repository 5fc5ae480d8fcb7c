import { Info } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { i18n } from '#i18n'
import type { ChannelType } from '#protocol/message.ts'
import { Icon } from '../../ui/Icon.tsx'
import { rich, slots } from '../../ui/rich.tsx'
import { NEW_SLACK_APP } from '../slackManifest.ts'
import { SlackManifest } from './SlackManifest.tsx'

const BOT_FATHER = 'https://t.me/BotFather'
const DISCORD_PORTAL = 'https://discord.com/developers/applications'

/** What to do elsewhere before there is anything to paste here. client:WIZ1-WIZ5 */
export function HowTo({ type }: { type: ChannelType }) {
  const { steps, note, more } = HOW[type]()
  return (
    <div class="how stack">
      <ol class="how-steps">
        {steps.map((step, index) => (
          <li key={index}>{step}</li>
        ))}
      </ol>
      {more}
      {note && (
        <p class="hint">
          <Icon of={Info} />
          <span>{note}</span>
        </p>
      )}
    </div>
  )
}

const HOW: Record<ChannelType, () => { steps: ComponentChildren[]; note?: string; more?: ComponentChildren }> = {
  telegram: () => ({
    steps: [
      rich(i18n.t('wizard.hows.telegram.first', slots('link')), {
        link: (
          <Away to={BOT_FATHER}>
            <span translate={false}>@BotFather</span>
          </Away>
        ),
      }),
      i18n.t('wizard.hows.telegram.second'),
    ],
    note: i18n.t('wizard.hows.telegram.note'),
  }),
  discord: () => ({
    steps: [
      rich(i18n.t('wizard.hows.discord.first', slots('link')), {
        link: <Away to={DISCORD_PORTAL}>{i18n.t('wizard.hows.discord.link')}</Away>,
      }),
      rich(i18n.t('wizard.hows.discord.second', slots('intent')), { intent: <b translate={false}>Message Content Intent</b> }),
      i18n.t('wizard.hows.discord.third'),
    ],
    note: i18n.t('wizard.hows.discord.note'),
  }),
  slack: () => ({
    steps: [
      rich(i18n.t('wizard.hows.slack.first', slots('link')), {
        link: <Away to={NEW_SLACK_APP}>{i18n.t('wizard.hows.slack.link')}</Away>,
      }),
      rich(i18n.t('wizard.hows.slack.second', slots('scope')), { scope: <code>connections:write</code> }),
      i18n.t('wizard.hows.slack.third'),
      i18n.t('wizard.hows.slack.fourth'),
    ],
    more: <SlackManifest />,
  }),
  email: () => ({
    steps: [i18n.t('wizard.hows.email.first'), i18n.t('wizard.hows.email.second'), i18n.t('wizard.hows.email.third')],
  }),
  webhook: () => ({
    steps: [i18n.t('wizard.hows.webhook.first'), i18n.t('wizard.hows.webhook.second')],
    note: i18n.t('wizard.hows.webhook.note'),
  }),
}

function Away({ to, children }: { to: string; children: ComponentChildren }) {
  return (
    <a href={to} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  )
}
