import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { plainWords } from '../plainWords.ts'
import type { ThreadRow } from './threadRows.ts'

type Needs = {
  scroller: { current: HTMLElement | null }
  rows: readonly ThreadRow[]
  /** What comes below was there before, only not loaded. */
  continues: boolean
  isAtEnd: () => boolean
  /** The newest message is on the screen of someone who looks. */
  onSeen: () => void
}

/** Whether the reader is at the newest message, how many came in below the view, and when they have been seen. client:INB5 */
export function useSeen({ scroller, rows, continues, isAtEnd, onSeen }: Needs): { atEnd: boolean; below: number } {
  const announce = useAnnounce()
  const [atEnd, setAtEnd] = useState(true)
  const [below, setBelow] = useState(0)
  const newest = rows.findLast((row) => row.kind === 'message')
  /** One more is something to be seen, too. */
  const edits = rows.reduce((sum, row) => sum + (row.kind === 'message' ? (row.edits?.length ?? 0) : 0), 0)
  const before = useRef(newest?.key)
  const latest = useRef({ isAtEnd, onSeen })
  latest.current = { isAtEnd, onSeen }

  const look = useCallback(() => {
    const there = latest.current.isAtEnd()
    setAtEnd(there)
    if (!there) return
    setBelow(0)
    if (document.visibilityState === 'visible') latest.current.onSeen()
  }, [])

  useEffect(() => {
    const element = scroller.current
    element?.addEventListener('scroll', look, { passive: true })
    document.addEventListener('visibilitychange', look)
    return () => {
      element?.removeEventListener('scroll', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [scroller, look])

  useEffect(() => {
    // After the view has followed, where it does.
    const frame = requestAnimationFrame(() => {
      const key = newest?.key
      const known = before.current
      before.current = key
      if (key !== known && known !== undefined && !continues && newest?.kind === 'message') {
        const arrived = rows
          .slice(rows.findLastIndex((row) => row.key === known) + 1)
          .filter((row) => row.kind === 'message').length
        announce(i18n.t('inbox.news', { name: newest.message.from, text: plainWords(newest.message.content, 200) }))
        if (!latest.current.isAtEnd()) setBelow((count) => count + Math.max(1, arrived))
      }
      look()
    })
    return () => cancelAnimationFrame(frame)
  }, [newest?.key, rows.length, edits, announce, look])

  return { atEnd, below }
}

/** Interrupts when a reply fails while the conversation is open: the reader believes it is on its way. */
export function useFailures(rows: readonly ThreadRow[]): void {
  const announce = useAnnounce()
  const known = useRef<ReadonlySet<string>>(undefined)
  useEffect(() => {
    const failed = rows.flatMap((row) =>
      row.kind === 'reply' && row.reply.state === 'failed' && !row.reply.elsewhere ? [row.reply] : [],
    )
    for (const reply of failed)
      if (known.current && !known.current.has(reply.clientId))
        announce(i18n.t('thread.notSent', { reason: reply.reason }), 'assertive')
    known.current = new Set(failed.map(({ clientId }) => clientId))
  }, [rows, announce])
}
