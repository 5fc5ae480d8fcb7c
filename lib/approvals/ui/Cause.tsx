import { i18n } from '#i18n'
import type { Database } from '../../database/open.ts'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import { useLive } from '../../ui/live.ts'
import { rich, slots } from '../../ui/rich.tsx'
import { href } from '../../ui/router.ts'
import { clockTime } from '../../ui/time.ts'
import type { ApprovalRow } from '../model.ts'
import { ownWords } from '../ownWords.ts'
import { readCause } from '../queries.ts'

/** Of the message that caused it; the whole of it is in its conversation. */
const QUOTED_CHARACTERS = 400

/** The message because of which an agent asks. */
export function Cause({ db, row }: { db: Database; row: ApprovalRow }) {
  const cause = useLive(() => readCause(db, row), ['messages'], [db, row.profileId, row.id]).value
  if (!cause) return null
  return (
    <div class="stack approval-cause">
      <p class="label row-line">
        <ChannelMark type={cause.channelType} />
        <span>
          {rich(i18n.t('approvals.because', { ...slots('name'), time: clockTime(cause.at) }), {
            name: <bdi>{cause.from}</bdi>,
          })}
        </span>
      </p>
      <blockquote class="quote">{shortened(ownWords(cause))}</blockquote>
      <a class="small" {...inboxLink(href('conversation', cause.conversationId, cause.id))}>
        {i18n.t('approvals.toConversation')}
      </a>
    </div>
  )
}

/** From the settings the inbox opens in a tab of its own. */
function inboxLink(place: string): { href: string; target?: string } {
  if (!location.pathname.startsWith('/options')) return { href: place }
  return { href: `/popup.html${location.search}${place}`, target: '_blank' }
}

function shortened(text: string): string {
  const words = text.trim()
  return words.length > QUOTED_CHARACTERS ? `${words.slice(0, QUOTED_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…` : words
}
