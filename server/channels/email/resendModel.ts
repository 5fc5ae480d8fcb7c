import * as z from 'zod/mini'

/** What the relay reads of Resend's answers. Members it does not need are ignored; the ones mail can lack may be absent or null. */

const text = z.nullish(z.string())
const addresses = z.nullish(z.union([z.array(z.string()), z.string()]))

const recipients = {
  to: addresses,
  cc: addresses,
  bcc: addresses,
  /** Whom the envelope named, where the provider tells. */
  received_for: addresses,
}

/** One line of the list of received mail. */
export const summarySchema = z.object({ id: z.string(), created_at: text, ...recipients })
export type MailSummary = z.infer<typeof summarySchema>

export const pageSchema = z.object({ data: z.array(z.unknown()), has_more: z.nullish(z.boolean()) })

const fileSchema = z.object({
  id: z.string(),
  filename: text,
  content_type: text,
  content_disposition: text,
  content_id: text,
  size: z.nullish(z.number()),
})
export type MailFile = z.infer<typeof fileSchema>

export const mailSchema = z.object({
  id: z.string(),
  from: text,
  subject: text,
  text,
  html: text,
  message_id: text,
  created_at: text,
  headers: z.nullish(z.record(z.string(), z.unknown())),
  attachments: z.nullish(z.array(fileSchema)),
  ...recipients,
})
export type ReceivedMail = z.infer<typeof mailSchema>

export const filesSchema = z.object({ data: z.array(fileSchema) })
export const fileLinkSchema = z.object({ download_url: z.string(), content_type: text })
export const sentSchema = z.object({ id: z.string() })
export const refusalSchema = z.object({ name: text, message: text })

/** The event Resend sends for a received mail; others only need their type. relay:EML7 */
export const eventSchema = z.object({ type: z.string(), data: z.optional(z.unknown()) })
export const receivedEventSchema = z.object({ email_id: z.string(), created_at: text, ...recipients })
