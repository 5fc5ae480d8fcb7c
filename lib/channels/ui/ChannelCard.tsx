import { ChevronDown } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { channelName } from '../../ui/channelName.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { moment } from '../../ui/moment.ts'
import { rich, slots } from '../../ui/rich.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { Tag } from '../../ui/Tag.tsx'
import { channelFacts, channelTitle, lastInbound } from '../facts.ts'
import type { ChannelActions } from './actions.ts'
import { ChannelDetails } from './ChannelDetails.tsx'
import { ChannelFix } from './ChannelFix.tsx'
import { useChannelEditor } from './channelChange.ts'
import { StateTag } from './StateTag.tsx'

type Props = {
  stored: ChannelConfig
  now: number
  actions: ChannelActions
  showCode: (config: ChannelConfig) => void
  /** What it answers by itself. */
  away: (config: ChannelConfig) => ComponentChildren
}

/** One channel: what it is, how it fares, what it needs, and its details on demand. client:CHN1 */
export function ChannelCard({ stored, now, actions, showCode, away }: Props) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const editor = useChannelEditor(stored, actions.change)
  const { config } = editor
  const title = channelTitle(config) || i18n.t('channels.unnamed')
  const show = () => showCode(stored)
  return (
    <article class="channel" aria-labelledby={id} data-channel={config.id} tabIndex={-1}>
      <ChannelMark type={config.type} large />
      <div class="channel-what">
        <div class="channel-title">
          <h3 id={id} class="truncate">
            {title}
          </h3>
          <StateTag state={config.enabled ? stateOf(config) : 'disabled'} />
          {config.direction === 'inbound' && <Tag>{i18n.t('channels.oneWay')}</Tag>}
        </div>
        <Sub config={config} now={now} title={title} />
      </div>
      <div class="channel-end">
        <Switch on={config.enabled} onChange={(enabled) => void editor.save({ enabled })} silent>
          {i18n.t('channels.enabled', { name: title })}
        </Switch>
        <button
          type="button"
          class="icon-btn"
          aria-expanded={open}
          aria-label={i18n.t('channels.details', { name: title })}
          title={i18n.t('channels.details', { name: title })}
          onClick={() => setOpen(!open)}
        >
          <Icon of={ChevronDown} class={open ? 'turned' : ''} />
        </button>
      </div>
      {editor.failures.enabled && (
        <div class="channel-fix">
          <FailureNote failure={editor.failures.enabled} lead={(reason) => i18n.t('channels.notSaved', { reason })} />
        </div>
      )}
      {config.enabled && <ChannelFix config={config} actions={actions} showCode={show} showDetails={() => setOpen(true)} />}
      {open && <ChannelDetails editor={editor} actions={actions} showCode={show} away={away(config)} />}
    </article>
  )
}

/** Switched on a moment ago, a channel is not "off" any more. */
function stateOf(config: ChannelConfig): ChannelConfig['status']['state'] {
  return config.status.state === 'disabled' ? 'connecting' : config.status.state
}

/** Where it is reached, or when it was last heard of. */
function Sub({ config, now, title }: { config: ChannelConfig; now: number; title: string }): ComponentChildren {
  const { inboundAddress } = channelFacts(config)
  const type = channelName(config.type)
  if (config.webhookUrl)
    return (
      <div class="channel-sub copy-line">
        <code class="truncate" dir="ltr">
          {withoutToken(config.webhookUrl)}
        </code>
        <CopyButton bare text={config.webhookUrl} thing={i18n.t('channels.addressOf', { name: title })} />
      </div>
    )
  if (inboundAddress)
    return (
      <div class="channel-sub copy-line">
        <span class="truncate">{i18n.t('channels.emailTo', { address: inboundAddress })}</span>
        <CopyButton bare text={inboundAddress} thing={i18n.t('channels.addressOf', { name: title })} />
      </div>
    )
  const last = lastInbound(config)
  if (last === undefined) return <p class="channel-sub">{i18n.t('channels.subNone', { type })}</p>
  return (
    <p class="channel-sub">
      {rich(i18n.t('channels.sub', { type, ...slots('last', 'time') }), {
        last: <span class="wide-only">{i18n.t('channels.last')} </span>,
        time: <time dateTime={new Date(last).toISOString()}>{moment(last, now)}</time>,
      })}
    </p>
  )
}

/** The secret is copied and shown in the details, but not laid open in the list. */
function withoutToken(url: string): string {
  return url.replace(/\?.*$/, '')
}
