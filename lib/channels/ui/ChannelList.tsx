import { CircleAlert, Info, Plug } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import type { Failure } from '../../messaging/failure.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { useNow } from '../../ui/now.ts'
import { href } from '../../ui/router.ts'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { channelTitle } from '../facts.ts'
import type { KnownChannel } from '../model.ts'
import type { ChannelActions } from './actions.ts'
import { ChannelCard } from './ChannelCard.tsx'

const MINUTE_MS = 60_000

type Props = {
  /** `undefined` while they are being read. */
  channels: readonly KnownChannel[] | undefined
  /** Host of the relay, for the count. */
  relay: string
  actions: ChannelActions
  showCode: (config: ChannelConfig) => void
  away: (config: ChannelConfig) => ComponentChildren
  /** Why the list may be old. */
  stale: Failure | undefined
}

/** "Your channels". One gone on the relay leaves a note behind. client:CHN1, CHN2, UIX3 */
export function ChannelList({ channels, relay, actions, showCode, away, stale }: Props) {
  const now = useNow(MINUTE_MS)
  const { gone, dismiss, removing } = useGone(channels)
  const heading = useRef<HTMLHeadingElement>(null)
  const list = channels ?? []
  const own: ChannelActions = {
    ...actions,
    async remove(channelId) {
      const settled = removing(channelId)
      await actions.remove(channelId).catch((error: unknown) => {
        settled()
        throw error
      })
      heading.current?.focus({ preventScroll: true })
    },
  }
  return (
    <section class="section" aria-labelledby="mine">
      <div class="section-head">
        <h2 id="mine" ref={heading} tabIndex={-1}>
          {i18n.t('channels.yours')}
        </h2>
        {list.length > 0 && <span class="muted">{i18n.t('channels.countOn', { count: list.length, relay })}</span>}
      </div>
      {stale && (
        <Banner
          kind="warn"
          icon={CircleAlert}
          actions={
            <Button small onClick={() => void actions.refresh().catch(() => {})}>
              {i18n.t('options.tryAgain')}
            </Button>
          }
        >
          {i18n.t('channels.old', { reason: stale.message })}
        </Banner>
      )}
      {gone.map(({ id, name }) => (
        <Banner
          key={id}
          kind="plain"
          icon={Info}
          actions={
            <Button small onClick={() => dismiss(id)}>
              {i18n.t('channels.dismiss')}
            </Button>
          }
        >
          {name ? i18n.t('channels.gone', { name }) : i18n.t('channels.goneUnnamed')}
        </Banner>
      ))}
      <div class="card">
        {!channels && <SkeletonRows rows={3} />}
        {channels?.length === 0 && (
          <EmptyState
            icon={Plug}
            title={i18n.t('channels.empty')}
            action={
              <span class="row-line">
                <Button onClick={toTheBox}>{i18n.t('paste.label')}</Button>
                <a class="btn btn-quiet" href={href('start')}>
                  {i18n.t('start.again')}
                </a>
              </span>
            }
          >
            {i18n.t('channels.emptyText')}
          </EmptyState>
        )}
        {list.map(({ id, config }) => (
          <ChannelCard key={id} stored={config} now={now} actions={own} showCode={showCode} away={away} />
        ))}
      </div>
    </section>
  )
}

/** The one above. */
function toTheBox(): void {
  document.querySelector<HTMLElement>('.add-channel .paste-box input')?.focus()
}

type Gone = { id: string; name: string }

/** Channels that left the list without being removed here. */
function useGone(channels: readonly KnownChannel[] | undefined) {
  const [gone, setGone] = useState<readonly Gone[]>([])
  const before = useRef<readonly KnownChannel[]>([])
  const ours = useRef(new Set<string>())
  useEffect(() => {
    if (!channels) return
    const missing = before.current.filter(({ id }) => !channels.some((channel) => channel.id === id))
    before.current = channels
    const foreign = missing.filter(({ id }) => !ours.current.delete(id))
    if (foreign.length > 0) setGone((all) => [...all, ...foreign.map(({ id, config }) => ({ id, name: channelTitle(config) }))])
  }, [channels])
  return {
    gone,
    dismiss: (id: string) => setGone((all) => all.filter((item) => item.id !== id)),
    /** Notes that this page removes a channel; the answer takes that back if it failed. */
    removing(id: string): () => void {
      ours.current.add(id)
      return () => ours.current.delete(id)
    },
  }
}
