import { CircleAlert } from 'lucide-preact'
import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { clockTime, fullTime } from '../../ui/time.ts'
import { earlierOf, isEdit, newestOf } from '../edits.ts'
import type { InboxMessage } from '../model.ts'
import { Attachments } from './Attachments.tsx'
import { Content } from './Content.tsx'
import { Earlier } from './Earlier.tsx'
import { leftOut } from './leftOut.ts'
import { MessageMenu } from './MessageMenu.tsx'

type Props = {
  message: InboxMessage
  edits: InboxMessage[] | undefined
  speaker: string | undefined
  open: boolean
  onToggle: () => void
  marked: boolean
  /** Why it was not answered by itself. client:CDD9 */
  unanswered: string | undefined
}

/** What someone else said. client:INB1, EDT1 */
export function MessageBubble({ message, edits, speaker, open, onToggle, marked, unanswered }: Props) {
  const time = (
    <time dateTime={new Date(message.at).toISOString()} title={fullTime(message.at)}>
      {clockTime(message.at)}
    </time>
  )
  const current = newestOf(message, edits)
  const earlier = earlierOf(message, edits)
  const [shown, setShown] = useState(false)
  const id = useId()
  const missing = leftOut(current.metadata)
  const hasWords = current.content.trim() !== ''
  const edited =
    earlier.length > 0 ? (
      <button type="button" class="link-btn" aria-expanded={shown} aria-controls={id} onClick={() => setShown(!shown)}>
        {i18n.t('edits.edited')}
      </button>
    ) : (
      isEdit(message) && <span>{i18n.t('edits.edited')}</span>
    )
  return (
    <div class={marked ? 'msg marked' : 'msg'}>
      {(hasWords || current.attachments.length === 0) && (
        <div class="bubble">
          {speaker !== undefined && <b class="speaker">{speaker}</b>}
          {hasWords ? (
            <Content text={current.content} open={open} onToggle={onToggle} />
          ) : (
            <p class="words faint">{i18n.t('inbox.noText')}</p>
          )}
          <span class="meta">
            {edited}
            {time}
          </span>
        </div>
      )}
      {speaker !== undefined && !hasWords && current.attachments.length > 0 && <b class="speaker">{speaker}</b>}
      {shown && <Earlier id={id} versions={earlier} />}
      <Attachments message={current} time={hasWords ? undefined : time} />
      {unanswered !== undefined && (
        <p class="meta-fail">
          <Icon of={CircleAlert} />
          {i18n.t('thread.notAnswered', { reason: unanswered })}
        </p>
      )}
      {missing.map((line) => (
        <p class="caption faint" key={line}>
          {line}
        </p>
      ))}
      <MessageMenu item={{ kind: 'message', message, ...(edits && { edits }) }} />
    </div>
  )
}
