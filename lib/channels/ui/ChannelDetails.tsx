import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { MAX_CHANNEL_NAME, MAX_PROMPT_BYTES } from '#protocol/limits.ts'
import { Button } from '../../ui/Button.tsx'
import { channelName } from '../../ui/channelName.ts'
import { channelFacts, channelTitle } from '../facts.ts'
import type { ChannelActions } from './actions.ts'
import { ChannelAddresses, Pair } from './ChannelAddresses.tsx'
import { ChannelSwitches } from './ChannelSwitches.tsx'
import type { ChannelEditor } from './channelChange.ts'
import { EditableText } from './EditableText.tsx'
import { NameTags } from './NameTags.tsx'
import { PairAnother } from './PairAnother.tsx'
import { RemoveChannel } from './RemoveChannel.tsx'
import { TestMessage } from './TestMessage.tsx'
import { TokenBox } from './TokenBox.tsx'
import { WebhookSecrets } from './WebhookSecrets.tsx'

type Props = { editor: ChannelEditor; actions: ChannelActions; showCode: () => void; away: ComponentChildren }

/** Everything of a channel that can be seen and changed. client:CHN1 */
export function ChannelDetails({ editor, actions, showCode, away }: Props) {
  const { config, failures, save } = editor
  const title = channelTitle(config) || channelName(config.type)
  return (
    <div class="channel-more">
      <dl class="pairs">
        <Pair term={i18n.t('channels.name')}>
          <EditableText
            value={config.name ?? ''}
            thing={i18n.t('channels.name')}
            channel={title}
            maxLength={MAX_CHANNEL_NAME}
            failure={failures.name}
            onSave={(name) => save({ name })}
          />
        </Pair>
        <ChannelAddresses config={config} />
        <Allowed editor={editor} />
        <Pair term={i18n.t('channels.agent')}>
          <EditableText
            value={config.agentId}
            thing={i18n.t('channels.agent')}
            channel={title}
            help={i18n.t('channels.agentHelp')}
            maxLength={MAX_CHANNEL_NAME}
            failure={failures.agentId}
            onSave={(agentId) => save({ agentId })}
          />
        </Pair>
        <Pair term={i18n.t('channels.prompt')}>
          <EditableText
            value={config.prompt ?? ''}
            thing={i18n.t('channels.prompt')}
            channel={title}
            help={i18n.t('channels.promptHelp')}
            maxLength={MAX_PROMPT_BYTES}
            multiline
            failure={failures.prompt}
            onSave={(prompt) => save({ prompt })}
          />
        </Pair>
        {config.type === 'webhook' && (
          <Pair term={i18n.t('channels.secrets.signatures')}>
            {i18n.t(`channels.secrets.state.${channelFacts(config).signingScheme ?? 'none'}`)}
          </Pair>
        )}
        <Refused config={config} />
      </dl>
      <ChannelSwitches editor={editor} />
      {away}
      <ChannelButtons config={config} title={title} actions={actions} showCode={showCode} />
    </div>
  )
}

function Allowed({ editor: { config, failures, save } }: Pick<Props, 'editor'>) {
  const facts = channelFacts(config)
  if (config.type === 'webhook') return null
  if (config.type === 'email')
    return (
      <Pair term={i18n.t('channels.allowedSenders')}>
        <NameTags
          names={facts.allowedSenders}
          empty={facts.userEmail ? i18n.t('channels.onlyYou', { address: facts.userEmail }) : i18n.t('channels.onlyYourself')}
          list={i18n.t('channels.allowedSenders')}
          field={i18n.t('channels.senderField')}
          failure={failures.allowedSenders}
          onChange={(allowedSenders) => save({ allowedSenders })}
        />
      </Pair>
    )
  return (
    <Pair term={i18n.t('channels.allowedUsers')}>
      <NameTags
        names={facts.allowedUsers}
        empty={i18n.t('channels.nobody')}
        list={i18n.t('channels.allowedUsers')}
        field={i18n.t('channels.userField')}
        failure={failures.allowedUsers}
        onChange={(allowedUsers) => save({ allowedUsers })}
      />
    </Pair>
  )
}

function Refused({ config: { status } }: { config: ChannelConfig }) {
  if (!status.rejected) return null
  const count = i18n.t('channels.refusedCount', status.rejected)
  return (
    <Pair term={i18n.t('channels.refused')}>
      <span class="num">
        {status.lastRejectedReason ? `${count}, ${i18n.t('channels.refusedWhy', { reason: status.lastRejectedReason })}` : count}
      </span>
    </Pair>
  )
}

/** A signed message can only come from who has the secret. relay:WH10 */
function Try({ config, actions }: { config: ChannelConfig; actions: ChannelActions }) {
  if (channelFacts(config).signingScheme) return <p class="hint">{i18n.t('channels.secrets.noTest')}</p>
  return <TestMessage channelId={config.id} sendTest={actions.sendTest} small />
}

function ChannelButtons({
  config,
  title,
  actions,
  showCode,
}: Omit<Props, 'editor' | 'away'> & { config: ChannelConfig; title: string }) {
  const [replacing, setReplacing] = useState(false)
  const isBot = config.type !== 'webhook' && config.type !== 'email'
  const stop = () => setReplacing(false)
  const first: ComponentChildren = isBot && (
    <>
      {config.status.state === 'ok' && <PairAnother config={config} actions={actions} showCode={showCode} />}
      <Button small onClick={() => setReplacing(true)}>
        {i18n.t('channels.replaceToken')}
      </Button>
    </>
  )
  return (
    <div class="stack wizard-gap">
      {config.type === 'webhook' && (
        <>
          <WebhookSecrets config={config} rotateSecret={actions.rotateSecret} />
          <Try config={config} actions={actions} />
        </>
      )}
      {replacing ? (
        <TokenBox type={config.type} name={title} add={actions.add} onDone={stop} onCancel={stop} focus />
      ) : (
        <div class="row-line wizard-actions">
          {first}
          <RemoveChannel config={config} remove={actions.remove} />
        </div>
      )}
    </div>
  )
}
