import { Check, CheckCheck, CircleAlert, Clock, Paperclip } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { PREVIEW_CHARACTERS } from '../conversation.ts'
import { isEdit } from '../edits.ts'
import { plainWords } from '../plainWords.ts'
import type { ConversationRow } from '../queries.ts'

/** The second line of a row. A failure replaces the words, a draft goes before them: both want something of the reader. */
export function RowPreview({ row }: { row: ConversationRow }) {
  const reply = row.lastReply
  if (reply?.state === 'failed')
    return (
      <span class="row-preview is-fail">
        <Icon of={CircleAlert} />
        <span class="truncate">{i18n.t('thread.notSent', { reason: reply.reason })}</span>
      </span>
    )
  if (row.draft !== undefined)
    return (
      <Line
        before={
          <span class="is-draft" key="draft">
            {i18n.t('inbox.draft')}
          </span>
        }
      >
        {row.draft}
      </Line>
    )
  const newest = reply
    ? { words: plainWords(reply.content, PREVIEW_CHARACTERS), hasFile: reply.attachments.length > 0 }
    : { words: row.lastPreview, hasFile: row.lastHasFile }
  const speaker = reply ? (reply.elsewhere === 'agent' ? i18n.t('thread.agent') : undefined) : row.lastSpeaker
  return (
    <Line before={reply && <SmallTick state={reply.state} />}>
      {speaker !== undefined && <bdi class="row-speaker truncate">{i18n.t('inbox.speaker', { name: speaker })}</bdi>}
      {!reply && isEdit({ channelType: row.channelType, metadata: row.lastMetadata }) && (
        <span class="row-edited">{i18n.t('edits.inList')}</span>
      )}
      {newest.hasFile && <Icon of={Paperclip} />}
      <span class="truncate">{newest.words || i18n.t(newest.hasFile ? 'inbox.file' : 'inbox.noText')}</span>
    </Line>
  )
}

function Line({ before, children }: { before: ComponentChildren; children: ComponentChildren }) {
  return (
    <span class="row-preview">
      {before}
      {typeof children === 'string' ? <span class="truncate">{children}</span> : children}
    </span>
  )
}

function SmallTick({ state }: { state: 'sending' | 'queued' | 'sent' }) {
  const glyph = { sending: Clock, queued: Check, sent: CheckCheck }[state]
  return (
    <>
      <span class={state === 'sent' ? 'is-sent' : 'row-tick'}>
        <Icon of={glyph} />
      </span>
      <span class="sr">{i18n.t(`thread.state.${state}`)}: </span>
    </>
  )
}
