/** What an operator set for e-mail. Without `domain` or `resendApiKey` registering answers 503 (relay:EML1). */
export type EmailConfig = {
  domain?: string | undefined
  resendApiKey?: string | undefined
  resendWebhookSecret?: string | undefined
  /** CHAOS_EMAIL_UNSIGNED, which counts on a loopback bind only. relay:EML6 */
  unsigned: boolean
  loopback: boolean
}
