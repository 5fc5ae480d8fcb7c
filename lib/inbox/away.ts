import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../database/open.ts'
import { ACT_WITHIN_MS } from './leases.ts'
import type { Away, InboxMessage, Lease, Reply } from './model.ts'
import { isObserved } from './observed.ts'
import { isShared } from './shared.ts'
import { isTakenOver } from './takenOver.ts'
import type { createWriting } from './writing.ts'

export const HOUR_MS = 60 * 60_000

/** Addresses behind which nobody reads, and subjects nobody wrote. What says so in its headers the relay refused already (relay:EML11). */
const NOBODY = /^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon|postmaster|bounces?|notifications?|newsletters?|alerts?)\b/i
const AUTOMATIC =
  /^(?:(?:re|aw|fwd?):\s*)*(?:auto(?:matic)?(?:ally)?[- ]?(?:reply|response|generated)|out of (?:the )?office|undeliver)/i

/** Whether a person wrote this, to us alone, now. client:CDD9 */
export function isForAnswering(message: InboxMessage, { text }: Away, relayNow: number): boolean {
  const { channelType, metadata, from, content, at } = message
  if (relayNow - at > ACT_WITHIN_MS || metadata.edited === true || metadata.callbackQueryId !== undefined) return false
  // An echo of our own answer is not a message.
  if (content.includes(text)) return false
  switch (channelType) {
    case 'telegram':
    case 'discord':
    case 'slack':
      return !isShared(message)
    case 'email':
      return !NOBODY.test(from) && !AUTOMATIC.test(String(metadata.subject ?? ''))
    case 'webhook':
      return metadata.automatic !== true
  }
}

/** The work of a lease where the channel answers by itself: at most one answer per conversation in the time chosen. client:CDD9 */
export function createAwayAnswer({
  db,
  writing,
  onWritten,
}: {
  db: Database
  writing: Pick<ReturnType<typeof createWriting>, 'answer' | 'relayNow'>
  onWritten: (reply: Reply) => void
}) {
  return async ({ profileId, messageId }: Lease): Promise<void> => {
    const message = await db.get('messages', [profileId, messageId])
    if (!message) return
    const [automation, channel] = await Promise.all([
      db.get('automations', [profileId, message.channelId]),
      db.get('channels', [profileId, message.channelId]),
    ])
    if (!automation?.away.on || !mayAnswer(channel?.config) || (await isObserved(db, profileId, message.channelId))) return
    // client:TKO3: whoever took it over answers.
    if (isTakenOver(channel?.config, { ...message, id: message.conversationId })) return
    const { away } = automation
    const now = await writing.relayNow(profileId)
    if (!isForAnswering(message, away, now)) return
    const reply = await writing.answer(message, { text: away.text, unlessSince: now - away.everyHours * HOUR_MS })
    if (reply) onWritten(reply)
  }
}

function mayAnswer(config: ChannelConfig | undefined): boolean {
  return config?.enabled === true && config.direction === 'bidirectional'
}
