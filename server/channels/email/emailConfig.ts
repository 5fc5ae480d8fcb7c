import type { SmtpIn, SmtpOut } from '../../smtpSettings.ts'

/** What an operator set for e-mail. Without `domain` or a way out (`smtpOut`, else `resendApiKey`) registering answers 503 (relay:EML1). */
export type EmailConfig = {
  domain?: string | undefined
  resendApiKey?: string | undefined
  resendWebhookSecret?: string | undefined
  smtpIn?: SmtpIn | undefined
  smtpOut?: SmtpOut | undefined
  /** CHAOS_EMAIL_UNSIGNED, which counts on a loopback bind only. relay:EML6 */
  unsigned: boolean
  loopback: boolean
}

/** relay:EML1 */
export const NOT_SET_UP =
  'E-mail is not set up on this relay. Its operator sets CHAOS_EMAIL_DOMAIN and RESEND_API_KEY or CHAOS_SMTP_OUT_URL, and restarts it.'
