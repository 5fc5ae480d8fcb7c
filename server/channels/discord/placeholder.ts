import type { DiscordAttachment, DiscordMessage } from './message.ts'

/** What stands for a message without text of its own; undefined when there is nothing to show. */
export function placeholder({ sticker_items, poll, message_snapshots }: DiscordMessage): string | undefined {
  const [forwarded] = message_snapshots ?? []
  if (forwarded?.message.content) return forwarded.message.content
  const [sticker] = sticker_items ?? forwarded?.message.sticker_items ?? []
  if (sticker) return `[sticker ${sticker.name}]`
  if (poll) return `[poll ${poll.question.text} ${poll.answers.map(({ poll_media }) => `• ${poll_media.text}`).join(' ')}]`
  return undefined
}

/** The files of a message, and of the one it forwards. */
export function attachmentsOf({ attachments, message_snapshots }: DiscordMessage): DiscordAttachment[] {
  return [...(attachments ?? []), ...(message_snapshots?.[0]?.message.attachments ?? [])]
}
