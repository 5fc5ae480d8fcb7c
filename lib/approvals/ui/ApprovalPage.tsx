import { ArrowLeft, ChevronRight, ShieldQuestion } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import { Banner } from '../../ui/Banner.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { useFocusHere, useKeys } from '../../ui/focus.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { useLive } from '../../ui/live.ts'
import { useNow } from '../../ui/now.ts'
import { go, href } from '../../ui/router.ts'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { isOpen } from '../model.ts'
import { readApproval } from '../queries.ts'
import { ApprovalDetails } from './ApprovalDetails.tsx'
import { type ApprovalHost, Decide } from './Decide.tsx'
import { standingWords } from './standingWords.ts'
import { usePending } from './usePending.ts'
import './approvals.css'

const LIST = href()

/** One request to decide, and the way to the next. The focus starts on the heading, so that Enter decides nothing. client:APR13, UIX1 */
export function ApprovalPage({ host, id }: { host: ApprovalHost; id: string }) {
  const { db, profileId } = host
  const read = useLive(async () => ({ row: await readApproval(db, profileId, id) }), ['approvals'], [db, profileId, id]).value
  const now = useNow(1000)
  const pending = usePending(db, profileId).filter((row) => isOpen(row, now))
  const row = read?.row
  const place = pending.findIndex((one) => one.id === id)
  const next = pending[place + 1] ?? pending.find((one) => one.id !== id)
  const heading = useFocusHere<HTMLHeadingElement>()
  const title = i18n.t(row && !isOpen(row, now) ? 'approvals.decided' : 'approvals.needed')
  useEffect(() => {
    document.title = i18n.t('popup.titleOf', { name: title })
    return () => {
      document.title = i18n.t('app.name')
    }
  }, [title])
  useKeys({
    Escape(event) {
      event.preventDefault()
      go([])
    },
  })
  return (
    <div class="conversation">
      <header class="topbar">
        <IconButton icon={ArrowLeft} flip href={LIST} label={i18n.t('thread.back')} />
        <h1 class="grow approval-title" ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {place >= 0 && pending.length > 1 && (
          <span class="caption faint num">{i18n.t('approvals.place', { place: place + 1, count: pending.length })}</span>
        )}
        {next && <IconButton icon={ChevronRight} flip href={href('approval', next.id)} label={i18n.t('approvals.next')} />}
      </header>
      {!read && <SkeletonRows />}
      {read && !row && (
        <EmptyState
          icon={ShieldQuestion}
          title={i18n.t('approvals.gone')}
          action={
            <a class="btn" href={href()}>
              {i18n.t('send.inbox')}
            </a>
          }
        >
          {i18n.t('approvals.goneMore')}
        </EmptyState>
      )}
      {row && (
        <>
          <div class="scroll approve" key={row.id}>
            {!isOpen(row, now) && <Standing row={row} now={now} />}
            <ApprovalDetails db={db} row={row} open={isOpen(row, now)} />
          </div>
          <footer class="composer approve-foot">
            {isOpen(row, now) ? <Decide host={host} row={row} by="popup" /> : <Onward next={next?.id} />}
          </footer>
        </>
      )}
    </div>
  )
}

function Standing({ row, now }: { row: Parameters<typeof standingWords>[0]; now: number }) {
  const { kind, icon, text, more } = standingWords(row, now)
  return (
    <Banner kind={kind} icon={icon}>
      <b>{text}</b>
      {more && <p class="small">{more}</p>}
    </Banner>
  )
}

/** Decided: the keyboard goes on from here. */
function Onward({ next }: { next: string | undefined }) {
  const link = useRef<HTMLAnchorElement>(null)
  useEffect(() => link.current?.focus(), [])
  return (
    <a ref={link} class="btn btn-primary btn-wide" href={next === undefined ? LIST : href('approval', next)}>
      {i18n.t(next === undefined ? 'approvals.toInbox' : 'approvals.next')}
    </a>
  )
}
