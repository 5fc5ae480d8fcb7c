import { CircleAlert } from 'lucide-preact'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { clockTime, fullTime } from '../../ui/time.ts'
import type { InboxMessage } from '../model.ts'
import { Attachments } from './Attachments.tsx'
import { Content } from './Content.tsx'
import { leftOut } from './leftOut.ts'
import { MessageMenu } from './MessageMenu.tsx'

type Props = {
  message: InboxMessage
  speaker: string | undefined
  open: boolean
  onToggle: () => void
  marked: boolean
  /** Why it was not answered by itself. client:CDD9 */
  unanswered: string | undefined
}

/** What someone else said. client:INB1 */
export function MessageBubble({ message, speaker, open, onToggle, marked, unanswered }: Props) {
  const time = (
    <time dateTime={new Date(message.at).toISOString()} title={fullTime(message.at)}>
      {clockTime(message.at)}
    </time>
  )
  const missing = leftOut(message.metadata)
  const hasWords = message.content.trim() !== ''
  return (
    <div class={marked ? 'msg marked' : 'msg'}>
      {(hasWords || message.attachments.length === 0) && (
        <div class="bubble">
          {speaker !== undefined && <b class="speaker">{speaker}</b>}
          {hasWords ? (
            <Content text={message.content} open={open} onToggle={onToggle} />
          ) : (
            <p class="words faint">{i18n.t('inbox.noText')}</p>
          )}
          <span class="meta">{time}</span>
        </div>
      )}
      {speaker !== undefined && !hasWords && message.attachments.length > 0 && <b class="speaker">{speaker}</b>}
      <Attachments message={message} time={hasWords ? undefined : time} />
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
      <MessageMenu item={{ kind: 'message', message }} />
    </div>
  )
}
