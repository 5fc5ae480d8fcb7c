import { Readable } from 'node:stream'
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'
import type { SmtpOut } from '../../../smtpSettings.ts'
import { smtpTrouble } from './smtpTrouble.ts'

/** Until a server has greeted, encryption included. */
const CONNECT_WITHIN_MS = 20_000
/** Without a byte from it; servers that look for viruses before they answer take their time. */
const SILENCE_MS = 120_000

/** One mail over one connection of its own. Resolves when the server has taken it, rejects with ProviderTrouble. relay:REP8 */
export function converse({
  out,
  domain,
  envelope,
  raw,
  stop,
}: {
  out: SmtpOut
  /** What the relay calls itself. */
  domain: string
  envelope: { from: string; to: [string] }
  raw: Buffer
  stop: AbortSignal
}): Promise<void> {
  return new Promise((resolve, reject) => {
    const connection = new SMTPConnection(connectionOptions(out, domain))
    let textSent = false

    /** Read only once the server has asked for the text: until then nothing can have been taken. relay:REP9 */
    function* text() {
      textSent = true
      yield raw
    }

    function settle(error?: unknown): void {
      stop.removeEventListener('abort', stopped)
      if (error) {
        connection.close()
        reject(smtpTrouble(error, textSent))
      } else {
        connection.quit()
        resolve()
      }
    }
    const stopped = () => settle(new Error('The relay is stopping.'))
    const send = () => connection.send(envelope, Readable.from(text(), { objectMode: false }), settle)

    connection.on('error', settle)
    stop.addEventListener('abort', stopped, { once: true })
    connection.connect((failed) => {
      if (failed) return settle(failed)
      if (!out.credentials) return send()
      const { user, password } = out.credentials
      connection.login({ credentials: { user, pass: password } }, (refused) => (refused ? settle(refused) : send()))
    })
  })
}

export function connectionOptions({ host, port, encryption }: SmtpOut, name: string): SMTPConnectionOptions {
  return {
    host,
    port,
    name,
    secure: encryption === 'always',
    requireTLS: encryption === 'starttls',
    // A server that need not encrypt at all need not prove who it is either.
    ...(encryption === 'offered' && { opportunisticTLS: true, tls: { rejectUnauthorized: false } }),
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    socketTimeout: SILENCE_MS,
  }
}
