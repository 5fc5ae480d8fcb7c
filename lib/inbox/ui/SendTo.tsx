import { PackageOpen, Search, Users } from 'lucide-preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { useCombobox } from '../../ui/combobox.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { rank } from '../../ui/fuzzy.ts'
import { Icon } from '../../ui/Icon.tsx'
import { useLive } from '../../ui/live.ts'
import { useNow } from '../../ui/now.ts'
import { go } from '../../ui/router.ts'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { appended, clipText, readClip } from '../clip.ts'
import type { Clip } from '../clipStore.ts'
import { listObserved } from '../observed.ts'
import { type ConversationRow, listConversations, readDraft } from '../queries.ts'
import { ClipView } from './ClipView.tsx'
import { handOverDrafts } from './draftCopy.ts'
import type { InboxHost } from './host.ts'
import { Receiver } from './Receiver.tsx'
import './list.css'
import './send.css'

type Host = Pick<InboxHost, 'db' | 'profileId' | 'inbox' | 'chores'>
type Props = { host: Host; clipId: string; channels: readonly ChannelConfig[] | undefined; showChannels: () => void }

/** Rendered at most: the next letter narrows it. */
const SHOWN = 50
/** Row times change by the minute. */
const MINUTE_MS = 60_000

/** To whom what was taken from a page is to go. Choosing puts it into that conversation's draft; it is sent there. client:RCH4, RCH5 */
export function SendTo({ host, clipId, channels, showChannels }: Props) {
  const { db, profileId } = host
  const clip = useLive(async () => ({ found: await readClip(db, clipId) }), [], [db, clipId]).value
  const known = useLive(
    async () => {
      const [rows, observed] = await Promise.all([listConversations(db, profileId), listObserved(db, profileId)])
      return { rows: rows.sort((a, b) => b.lastAt - a.lastAt), observed }
    },
    ['messages', 'replies', 'settings'],
    [db, profileId],
  ).value
  const answerable = useMemo(() => {
    if (!channels || !known) return undefined
    const { rows, observed } = known
    const open = new Set(
      channels.filter(({ id, direction }) => direction === 'bidirectional' && !observed.has(id)).map(({ id }) => id),
    )
    return rows.filter(({ channelId }) => open.has(channelId))
  }, [known, channels])
  if (!clip || !answerable) return <SkeletonRows toolbar />
  if (!clip.found)
    return (
      <EmptyState
        icon={PackageOpen}
        title={i18n.t('send.gone')}
        action={<Button onClick={() => go([])}>{i18n.t('send.inbox')}</Button>}
      >
        {i18n.t('send.goneText')}
      </EmptyState>
    )
  if (answerable.length === 0)
    return (
      <EmptyState
        icon={Users}
        title={i18n.t('send.nobody')}
        action={<Button onClick={showChannels}>{i18n.t('send.channels')}</Button>}
      >
        {i18n.t('send.nobodyText')}
      </EmptyState>
    )
  return <Choice host={host} clipId={clipId} clip={clip.found} rows={answerable} />
}

function Choice({ host, clipId, clip, rows }: { host: Host; clipId: string; clip: Clip; rows: readonly ConversationRow[] }) {
  const [typed, setTyped] = useState('')
  const now = useNow(MINUTE_MS)
  const input = useRef<HTMLInputElement>(null)
  const found = useMemo(() => rank(rows, typed, ({ title }) => title).slice(0, SHOWN), [rows, typed])
  const put = useAction((row: ConversationRow) => putIntoDraft(host, row.id, clipId, clip))
  const choice = useCombobox({ items: found, typed, choose: ({ item }) => void put.run(item) })
  useEffect(() => input.current?.focus(), [])
  return (
    <>
      <ClipView clip={clip} />
      <FailureNote failure={put.failure} />
      <search class="toolbar">
        <label class="field field-search">
          <Icon of={Search} />
          <span class="sr">{i18n.t('send.find')}</span>
          <input
            ref={input}
            type="text"
            placeholder={i18n.t('send.find')}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
            {...choice.field}
          />
        </label>
      </search>
      {found.length === 0 && (
        <p class="small muted send-none" role="status">
          {i18n.t('send.none', { typed: typed.trim() })}
        </p>
      )}
      <div class="scroll">
        <ul {...choice.list} aria-label={i18n.t('inbox.conversations')}>
          {found.map(({ item, at }, index) => (
            <Receiver key={item.id} row={item} at={at} now={now} option={choice.option(index)} />
          ))}
        </ul>
      </div>
      <p class="send-next small muted">{i18n.t('send.next')}</p>
    </>
  )
}

/** The words after those already written there; a picture goes along to the box that sends it. */
async function putIntoDraft(
  { db, profileId, inbox, chores }: Host,
  conversationId: string,
  clipId: string,
  clip: Clip,
): Promise<void> {
  await handOverDrafts(inbox)
  const draft = (await readDraft(db, profileId, conversationId))?.text ?? ''
  await inbox.saveDraft({ profileId, conversationId, text: appended(draft, clipText(clip)) })
  if (clip.picture) return go(['reply', conversationId, 'clip', clipId])
  await chores.dropClip({ id: clipId })
  go(['reply', conversationId])
}
