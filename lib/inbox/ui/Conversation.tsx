import { MessageSquareOff } from 'lucide-preact'
import { useCallback, useEffect, useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { useKeys } from '../../ui/focus.ts'
import { useLive } from '../../ui/live.ts'
import { useNow } from '../../ui/now.ts'
import { go } from '../../ui/router.ts'
import { listFailed } from '../leases.ts'
import { readConversation, readMark } from '../queries.ts'
import type { Goal } from '../thread.ts'
import { Composer } from './Composer.tsx'
import { ConversationHeader } from './ConversationHeader.tsx'
import { useHost } from './host.ts'
import { NoReply } from './NoReply.tsx'
import { TakenOver } from './TakenOver.tsx'
import { Thread } from './Thread.tsx'
import { ThreadSkeleton } from './ThreadSkeleton.tsx'
import { type Toggle, useMarking } from './useMarking.ts'
import { useRowMenu } from './useRowMenu.tsx'
import { useThread } from './useThread.ts'
import { Viewer } from './Viewer.tsx'
import './thread.css'
import './bubble.css'
import './files.css'
import './composer.css'

type Props = {
  id: string
  /** An item to show, from search or a notification. client:INB3 */
  goal: Goal | undefined
  begin: 'reply' | 'attach' | undefined
  /** A picture to send. client:RCH5 */
  clip?: string | undefined
  /** What is wrong with the connection, where the list's header does not show it. */
  strips: preact.ComponentChildren
}

const MINUTE_MS = 60_000
const NONE: ReadonlyMap<string, string> = new Map()

/** One conversation: who, the messages, and the box to answer. client:UIX2 */
export function Conversation({ id, goal, begin, clip, strips }: Props) {
  const { db, profileId, inbox, channels, settings } = useHost()
  const conversation = useLive(
    async () => {
      const [row, mark] = await Promise.all([readConversation(db, profileId, id), readMark(db, profileId, id)])
      return { row: row && { ...row, ...(mark && { mark }) } }
    },
    ['messages', 'replies', 'marks'],
    [profileId, id],
    (change) => change.conversationId === undefined || change.conversationId === id,
  )
  const thread = useThread(id, goal)
  const unanswered = useLive(() => listFailed(db, profileId, id), ['automations'], [profileId, id]).value ?? NONE
  const now = useNow(MINUTE_MS)
  const row = conversation.value?.row
  const unread = row?.unread ?? 0
  const section = useRef<HTMLElement>(null)

  const markSeen = useCallback(() => {
    if (unread > 0) void inbox.markRead({ profileId, conversationId: id }).catch(() => undefined)
  }, [inbox, profileId, id, unread])
  useEffect(() => {
    const messages = section.current?.querySelector<HTMLElement>('[data-thread]')
    if (!row || begin || !messages || section.current?.contains(document.activeElement)) return
    // A page that was opened at this place has the keyboard here from its beginning: no ring says so before a key is pressed.
    if (!navigator.userActivation.hasBeenActive) {
      messages.dataset.quiet = ''
      for (const event of ['keydown', 'blur']) messages.addEventListener(event, () => delete messages.dataset.quiet, { once: true })
    }
    messages.focus({ preventScroll: true })
  }, [row !== undefined, thread.pages !== undefined])

  useEffect(() => {
    document.title = row ? i18n.t('popup.titleOf', { name: row.title }) : i18n.t('app.name')
    return () => {
      document.title = i18n.t('app.name')
    }
  }, [row?.title])

  const back = (event: KeyboardEvent): void => {
    event.preventDefault()
    go([])
  }
  useKeys({ Escape: back })
  const marking = useMarking(() => go([]))
  const toggle = (what: Toggle) => (): void => {
    if (row) void marking.toggle(row, what).catch(() => undefined)
  }
  const menu = useRowMenu()
  useKeys(
    {
      r: (event) => focusComposer(section.current, event),
      u: toggle('read'),
      p: toggle('pin'),
      e: toggle('archive'),
      s: () => menu.askAtFocus(row, 'snooze'),
      m: () => menu.askAtFocus(row, 'mute'),
    },
    settings?.shortcuts !== false,
  )

  if (conversation.value && !row)
    return (
      <section class="conversation" ref={section}>
        <ConversationHeader row={undefined} channel={undefined} now={now} />
        <EmptyState
          icon={MessageSquareOff}
          title={i18n.t('thread.unknown')}
          action={<Button onClick={() => go([])}>{i18n.t('send.inbox')}</Button>}
        >
          {i18n.t('thread.unknownText')}
        </EmptyState>
      </section>
    )
  const channel = channels?.find((known) => known.id === row?.channelId)
  const observed = row !== undefined && (settings?.observedChannels?.includes(row.channelId) ?? false)
  const gone = channels !== undefined && row !== undefined && channel === undefined
  return (
    <section class="conversation" aria-label={row?.title} ref={section}>
      <ConversationHeader row={row} channel={channel} now={now} />
      {strips}
      {row && <TakenOver row={row} />}
      {row && thread.pages ? (
        <Viewer>
          <Thread
            {...thread}
            title={row.title}
            pages={thread.pages}
            unanswered={unanswered}
            now={now}
            takesFocus={!begin}
            onSeen={markSeen}
          />
        </Viewer>
      ) : thread.error ? (
        <EmptyState
          icon={MessageSquareOff}
          title={i18n.t('thread.unreadable')}
          action={<Button onClick={thread.reload}>{i18n.t('app.tryAgain')}</Button>}
        >
          {thread.error.message}
        </EmptyState>
      ) : (
        <ThreadSkeleton />
      )}
      {menu.show(() => go([]))}
      {row &&
        (gone || observed || channel?.direction === 'inbound' ? (
          <NoReply row={row} channel={channel} observed={observed} />
        ) : (
          <Composer key={id} row={row} begin={begin} clip={clip} />
        ))}
    </section>
  )
}

function focusComposer(section: HTMLElement | null, event: KeyboardEvent): void {
  const box = section?.querySelector('textarea')
  if (!box) return
  event.preventDefault()
  box.focus()
}
