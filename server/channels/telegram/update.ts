import * as z from 'zod'

/** Only what we read. Whatever else Telegram adds to a message is kept, to name kinds we do not know. relay:TG7 */
const userSchema = z.object({ id: z.int(), username: z.string().optional(), first_name: z.string().optional() })
const chatSchema = z.object({ id: z.int(), type: z.string(), title: z.string().optional() })

const fileSchema = z.object({
  file_id: z.string(),
  file_size: z.number().optional(),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
})
export type TelegramFile = z.infer<typeof fileSchema>
const pixels = { width: z.number(), height: z.number() }

/** A kind that is not shaped as we know it must not cost the message: it becomes a placeholder. */
const kind = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined)

export const messageSchema = z.looseObject({
  message_id: z.int(),
  date: kind(z.int()),
  edit_date: kind(z.int()),
  from: userSchema.optional(),
  chat: chatSchema,
  text: z.string().optional(),
  caption: z.string().optional(),
  media_group_id: z.string().optional(),
  migrate_to_chat_id: z.int().optional(),
  photo: kind(z.array(z.object({ ...fileSchema.shape, ...pixels }))),
  document: kind(fileSchema),
  animation: kind(fileSchema),
  live_photo: kind(fileSchema),
  voice: kind(fileSchema),
  audio: kind(fileSchema),
  video: kind(fileSchema),
  video_note: kind(fileSchema),
  sticker: kind(z.object({ ...fileSchema.shape, emoji: z.string().optional() })),
  location: kind(z.object({ latitude: z.number(), longitude: z.number() })),
  venue: kind(z.object({ title: z.string(), address: z.string() })),
  contact: kind(z.object({ phone_number: z.string(), first_name: z.string(), last_name: z.string().optional() })),
  poll: kind(z.object({ question: z.string(), options: z.array(z.object({ text: z.string() })) })),
  dice: kind(z.object({ emoji: z.string(), value: z.number() })),
})
export type TelegramMessage = z.infer<typeof messageSchema>

const callbackSchema = z.object({
  id: z.string(),
  from: userSchema,
  /** Absent for buttons of inline messages, which belong to no chat of ours. */
  message: z.object({ message_id: z.int(), chat: chatSchema }).optional(),
  data: z.string().optional(),
  game_short_name: z.string().optional(),
})
export type TelegramCallback = z.infer<typeof callbackSchema>

export const updateSchema = z.object({
  update_id: z.int(),
  message: messageSchema.optional(),
  edited_message: messageSchema.optional(),
  callback_query: callbackSchema.optional(),
})
export type TelegramUpdate = z.infer<typeof updateSchema>

/** The kinds of update asked for, by polling and by webhook alike. relay:TG3 */
export const UPDATE_KINDS = ['message', 'edited_message', 'callback_query'] as const
