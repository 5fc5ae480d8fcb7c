import { Bot, CircleAlert, Paperclip, TriangleAlert } from 'lucide-preact'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { clockTime, fullTime, shortTime } from '../../ui/time.ts'
import type { Reply } from '../model.ts'
import { Content } from './Content.tsx'
import { useHost } from './host.ts'
import { MessageMenu } from './MessageMenu.tsx'
import { Tick } from './Tick.tsx'

type Props = { reply: Reply; open: boolean; onToggle: () => void; marked: boolean }

/** What was said from our side, and how far it got. A failure keeps its text, and what was written here is sent anew. client:CRP3, ELS1, ELS3 */
export function ReplyBubble({ reply, open, onToggle, marked }: Props) {
  const state = reply.state === 'failed' ? ' failed' : reply.state === 'sending' ? ' pending' : ''
  return (
    <div class={`msg own${state}${reply.elsewhere === 'agent' ? ' agent' : ''}${marked ? ' marked' : ''}`}>
      <div class="bubble">
        {reply.elsewhere === 'agent' ? (
          <span class="msg-agent">
            <Icon of={Bot} size="sm" />
            {i18n.t('thread.agent')}
          </span>
        ) : (
          <span class="sr">{i18n.t('thread.you')}</span>
        )}
        {reply.content !== '' && <Content text={reply.content} open={open} onToggle={onToggle} />}
        {reply.attachments.map(({ filename }, index) => (
          <span class="sent-file" key={index}>
            <Icon of={Paperclip} size="sm" />
            <span class="truncate">{filename}</span>
          </span>
        ))}
        {reply.state !== 'failed' && (
          <span class="meta">
            {reply.elsewhere === 'human' && <span class="meta-auto">{i18n.t('thread.otherBrowser')}</span>}
            {reply.automatic && <span class="meta-auto">{i18n.t('thread.automatic')}</span>}
            <time dateTime={new Date(reply.createdAt).toISOString()} title={fullTime(reply.createdAt)}>
              {clockTime(reply.createdAt)}
            </time>
            <Tick reply={reply} />
          </span>
        )}
      </div>
      {reply.state === 'sent' && reply.doubt !== undefined && (
        <p class="meta-doubt">
          <Icon of={TriangleAlert} />
          {reply.doubt}
        </p>
      )}
      {reply.late && reply.plannedFor !== undefined && (
        <p class="meta-planned">{i18n.t('schedule.late', { time: shortTime(reply.plannedFor) })}</p>
      )}
      {reply.state === 'failed' && <NotSent reply={reply} reason={reply.reason} />}
      <MessageMenu item={{ kind: 'reply', reply }} />
    </div>
  )
}

function NotSent({ reply: { clientId, elsewhere }, reason }: { reply: Reply; reason: string }) {
  const { inbox } = useHost()
  const retry = useAction(() => inbox.retry({ clientId }))
  const discard = useAction(() => inbox.discard({ clientId }))
  return (
    <>
      <p class="meta-fail">
        <Icon of={CircleAlert} />
        {i18n.t('thread.notSent', { reason: sentence(reason) })}{' '}
        {!elsewhere && (
          <button type="button" class="link-btn" disabled={retry.busy} onClick={() => void retry.run()}>
            {i18n.t('thread.retry')}
          </button>
        )}{' '}
        <button type="button" class="link-btn" disabled={discard.busy} onClick={() => void discard.run()}>
          {i18n.t('thread.discard')}
        </button>
      </p>
      <FailureNote failure={retry.failure ?? discard.failure} />
    </>
  )
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
