import type { ChannelConfig } from '#protocol/channel.ts'
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, MAX_REPLY_BYTES } from '#protocol/limits.ts'
import type { OutgoingAttachment } from '#protocol/message.ts'
import { Failure } from '../messaging/failure.ts'

/** What the relay would refuse is refused before anything is stored. Throws Failure. client:CRP5, CAT6 */
export function checkSize(content: string, attachments: OutgoingAttachment[]): void {
  if (content.trim() === '' && attachments.length === 0) throw new Failure('missing_field', 'Write something first.')
  const bytes = new TextEncoder().encode(content).length
  if (bytes > MAX_REPLY_BYTES)
    throw new Failure(
      'content_too_large',
      `This message has ${bytes} bytes; the relay takes ${MAX_REPLY_BYTES}. Shorten it and send again.`,
    )
  if (attachments.length > MAX_ATTACHMENTS)
    throw new Failure('attachment_too_large', `A message takes at most ${MAX_ATTACHMENTS} files. Remove some and send again.`)
  for (const { filename, dataBase64 } of attachments)
    if (dataBase64.length * 0.75 > MAX_ATTACHMENT_BYTES + 2)
      throw new Failure('attachment_too_large', `${filename} is larger than 5 MiB. Remove it and send again.`)
}

/** Throws Failure. client:CRP4, CRP5 */
export function checkChannel(config: ChannelConfig | undefined, listKnown: boolean): void {
  if (!config && listKnown) throw new Failure('channel_not_found', 'This channel is no longer on the relay. Refresh the list.')
  if (config?.direction === 'inbound')
    throw new Failure('inbound_only', 'This channel only receives. Switch on replies for it, then send again.')
}
