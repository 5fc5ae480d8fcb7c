import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SmtpOut } from '../../../smtpSettings.ts'
import { connectionOptions } from './conversation.ts'
import { smtpTrouble } from './smtpTrouble.ts'

/** Connects and logs in as for a mail, and sends none. Rejects with ProviderTrouble. relay:CLI3 */
export function checkSmtp({ out, domain }: { out: SmtpOut; domain: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const connection = new SMTPConnection(connectionOptions(out, domain))
    function settle(error?: unknown): void {
      if (error) {
        connection.close()
        reject(smtpTrouble(error, false))
      } else {
        connection.quit()
        resolve()
      }
    }
    connection.on('error', settle)
    connection.connect((failed) => {
      if (failed || !out.credentials) return settle(failed)
      const { user, password } = out.credentials
      connection.login({ credentials: { user, pass: password } }, settle)
    })
  })
}
