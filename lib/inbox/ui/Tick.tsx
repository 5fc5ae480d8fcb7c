import { Check, CheckCheck, Clock } from 'lucide-preact'
import { i18n } from '#i18n'
import { channelName } from '../../ui/channelName.ts'
import { Icon } from '../../ui/Icon.tsx'
import type { Reply } from '../model.ts'

/** What is true of a reply, no more: a clock while it is only here, one tick on the relay, two when the platform took it. client:CRP3 */
export function Tick({ reply }: { reply: Reply }) {
  if (reply.state === 'failed') return null
  const glyph = { sending: Clock, queued: Check, sent: CheckCheck }[reply.state]
  return (
    <span class={reply.state === 'sent' ? 'tick is-sent' : 'tick'} title={hint(reply)}>
      <Icon of={glyph} />
      <span class="sr">{i18n.t(`thread.state.${reply.state}`)}</span>
    </span>
  )
}

function hint(reply: Reply): string {
  const channel = channelName(reply.channelType)
  if (reply.state === 'sending') return i18n.t('thread.hint.sending')
  if (reply.state === 'queued') return i18n.t('thread.hint.queued')
  return reply.platformMessageId === undefined
    ? i18n.t('thread.hint.sent', { channel })
    : i18n.t('thread.hint.sentId', { channel, id: reply.platformMessageId })
}
