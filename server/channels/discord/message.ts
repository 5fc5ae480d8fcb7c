import * as z from 'zod'

/** Forwarders give ids as numbers too. */
const id = z.union([z.string().min(1).max(64), z.number()]).transform(String)

/** What is not shaped as we know it must not cost the message. */
const kind = <S extends z.ZodType>(schema: S) => schema.nullish().catch(undefined)

export const userSchema = z.object({ id, username: kind(z.string()), bot: kind(z.boolean()), system: kind(z.boolean()) })
export type DiscordUser = z.infer<typeof userSchema>

const attachmentSchema = z.object({
  id,
  filename: z.string(),
  size: z.number().nonnegative().catch(0),
  url: z.string(),
  content_type: kind(z.string()),
})
export type DiscordAttachment = z.infer<typeof attachmentSchema>

const said = {
  content: z.string().nullish().catch(undefined),
  attachments: kind(z.array(attachmentSchema)),
  sticker_items: kind(z.array(z.object({ name: z.string() }))),
}

/** Only what we read, of the Gateway's messages and of those the REST API gives, which have no `guild_id`. */
export const messageSchema = z.object({
  id,
  channel_id: id,
  guild_id: kind(id),
  type: kind(z.int()),
  author: userSchema,
  webhook_id: kind(id),
  timestamp: kind(z.string()),
  edited_timestamp: kind(z.string()),
  mentions: kind(z.array(z.object({ id }))),
  referenced_message: kind(z.object({ author: z.object({ id }) })),
  ...said,
  poll: kind(
    z.object({
      question: z.object({ text: z.string() }),
      answers: z.array(z.object({ poll_media: z.object({ text: z.string() }) })),
    }),
  ),
  /** Of a message that was forwarded inside Discord: the original. */
  message_snapshots: kind(z.array(z.object({ message: z.object(said) }))),
})
export type DiscordMessage = z.infer<typeof messageSchema>
