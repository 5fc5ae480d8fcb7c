import type { Mail } from './mail.ts'

type Headers = Pick<Mail, 'headers'>

/** One Message-ID; visible ASCII only, so none can carry a line break into a header. */
const MESSAGE_ID = /<[\x21-\x3b\x3d\x3f-\x7e]{1,400}>/g

/** The first value of a header, its name in any case; undefined when it is absent. */
export function mailHeader({ headers }: Headers, name: string): string | undefined {
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() !== name) continue
    const first: unknown = Array.isArray(value) ? value[0] : value
    return typeof first === 'string' ? first : undefined
  }
  return undefined
}

/** The Message-IDs in a header, in order. */
export function messageIds(text: string | null | undefined): string[] {
  return text?.match(MESSAGE_ID) ?? []
}

/** What a mail calls itself, in angle brackets; undefined when it has no usable Message-ID. */
export function ownMessageId(mail: Headers & Pick<Mail, 'messageId'>): string | undefined {
  const given = mail.messageId?.trim() || mailHeader(mail, 'message-id')?.trim()
  if (!given) return undefined
  return messageIds(given.startsWith('<') ? given : `<${given}>`)[0]
}

/** The mails a mail says it follows: In-Reply-To, and References from the first of the conversation on. */
export function ancestors(mail: Headers): { inReplyTo: string | undefined; references: string[] } {
  return { inReplyTo: messageIds(mailHeader(mail, 'in-reply-to'))[0], references: messageIds(mailHeader(mail, 'references')) }
}
