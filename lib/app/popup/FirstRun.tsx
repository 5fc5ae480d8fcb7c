import { i18n } from '#i18n'
import type { ChannelType } from '#protocol/message.ts'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import { channelName } from '../../ui/channelName.ts'
import { useModule } from '../../ui/lazy.ts'
import { useLive } from '../../ui/live.ts'
import { href } from '../../ui/router.ts'
import type { PageContext } from '../page.ts'
import { FirstArt } from './FirstArt.tsx'
import { openOptions } from './windows.ts'

const ORDER = ['telegram', 'discord', 'slack', 'email', 'webhook'] as const satisfies readonly ChannelType[]
/** Not on every relay: shown once it has said that it has them. relay:HLT1 */
const RARE: ReadonlySet<ChannelType> = new Set(['slack'])

/** No channels yet: the box itself, and what it takes. client:UIX3, CRG1 */
export function FirstRun({ page }: { page: PageContext }) {
  const adding = useModule(() => import('./AddFirst.tsx'))
  const details = useLive(() => page.connection.details({ profileId: page.profileId }), ['connection'], [page])
  const relay = details.value?.relay
  const features = relay?.ok ? (relay.features ?? []) : []
  return (
    <div class="scroll first">
      <FirstArt />
      <h2>{i18n.t('popup.first.title')}</h2>
      <p class="muted">
        {i18n.t('popup.first.text')}{' '}
        <button type="button" class="link-btn" onClick={() => void openOptions(href('start'))}>
          {i18n.t('start.again')}
        </button>
      </p>
      <div class="first-box">{adding && <adding.AddFirst page={page} />}</div>
      <h3 class="caption">{i18n.t('popup.first.what')}</h3>
      <ul class="first-list">
        {ORDER.filter((type) => !RARE.has(type) || features.includes(type)).map((type) => (
          <li key={type}>
            <ChannelMark type={type} silent />
            <span>{channelName(type)}</span>
            <span class="muted truncate">{i18n.t(`popup.first.kind.${type}`)}</span>
            <button
              type="button"
              class="link-btn"
              aria-label={i18n.t('popup.first.howTo', { channel: channelName(type) })}
              onClick={() => void openOptions(href('channels', 'how', type))}
            >
              {i18n.t('popup.first.how')}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
