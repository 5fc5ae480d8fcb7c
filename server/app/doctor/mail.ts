import { createResend } from '../../channels/email/resend.ts'
import { checkSmtp } from '../../channels/email/smtp/check.ts'
import { ProviderTrouble } from '../../channels/email/trouble.ts'
import type { Config } from '../../config.ts'
import { type Finding, fail, ok, skip } from './finding.ts'

const CHECK = 'email'

/** Whether mail can leave and be read. relay:EML1, CLI3 */
export async function checkMail({ email, apiRoots }: Config, fetch: typeof globalThis.fetch): Promise<Finding[]> {
  const { domain, resendApiKey: apiKey, smtpOut: out } = email
  if (!domain) return [skip(CHECK, 'not configured')]
  const stop = new AbortController().signal
  const findings: Finding[] = []
  if (apiKey !== undefined)
    findings.push(
      await tried('Resend accepts the key', () => createResend({ apiKey, apiRoot: apiRoots.resend, fetch, stop }).received()),
    )
  if (out) findings.push(await tried(`the mail server ${out.host}:${out.port} takes mail`, () => checkSmtp({ out, domain })))
  if (findings.length > 0) return findings
  return [fail(CHECK, 'CHAOS_EMAIL_DOMAIN is set, but nothing can send', 'Set RESEND_API_KEY or CHAOS_SMTP_OUT_URL.')]
}

async function tried(success: string, attempt: () => Promise<unknown>): Promise<Finding> {
  try {
    await attempt()
    return ok(CHECK, success)
  } catch (error) {
    if (!(error instanceof ProviderTrouble)) throw error
    return fail(CHECK, error.message, 'Correct this, then restart the relay.')
  }
}
