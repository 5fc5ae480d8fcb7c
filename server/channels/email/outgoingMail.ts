/** One mail to send, as Resend's POST /emails takes it. `content` is base64. */
export type OutgoingMail = {
  from: string
  to: [string]
  subject: string
  text: string
  html?: string
  headers: Record<string, string>
  attachments?: { filename: string; content: string; content_type: string }[]
}

/** Whoever carries mail away. */
export type MailSender = {
  /** Repeats with the same key are one mail where the carrier can tell (`recognisesRepeats`). Throws ProviderTrouble. relay:REP8 */
  send(mail: OutgoingMail, key: string): Promise<{ id: string }>
  recognisesRepeats: boolean
}
