import { X509Certificate } from 'node:crypto'
import { connect } from 'node:net'
import { readCertificate } from '../../channels/email/smtp/certificate.ts'
import { ConfigError } from '../../config.ts'
import type { SmtpIn } from '../../smtpSettings.ts'
import { type Finding, fail, ok, skip, warn } from './finding.ts'

const CHECK = 'mail receiver'
const GREETING_WITHIN_MS = 5_000
/** Those who renew do it a month ahead. */
const RENEW_BEFORE_MS = 14 * 24 * 60 * 60_000

/** Whether the relay takes mail where it should, and with a certificate others can use. relay:EML8, CLI3 */
export async function checkReceiving(settings: SmtpIn, running: boolean, now: number): Promise<Finding[]> {
  return [certificate(settings, now), await greeting(settings, running)]
}

function certificate({ tls }: SmtpIn, now: number): Finding {
  if (!tls) return warn(CHECK, 'mail arrives unencrypted', 'Set CHAOS_SMTP_TLS_CERT and CHAOS_SMTP_TLS_KEY.')
  try {
    const until = new X509Certificate(readCertificate(tls).cert).validToDate
    const day = until.toISOString().slice(0, 10)
    if (until.getTime() <= now)
      return fail(CHECK, `the certificate is expired since ${day}`, 'Renew it; the relay reads it anew within the hour.')
    if (until.getTime() - now < RENEW_BEFORE_MS)
      return warn(CHECK, `the certificate expires on ${day}`, 'See why nothing has renewed it.')
    return ok(CHECK, `the certificate is good until ${day}`)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return fail(CHECK, error.message, 'Correct these variables or files, then restart the relay.')
  }
}

async function greeting({ host, port }: SmtpIn, running: boolean): Promise<Finding> {
  if (!running || port === 0) return skip(CHECK, 'the relay is not running, or took any port')
  const said = await firstLine(host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port)
  if (said?.startsWith('220 ')) return ok(CHECK, `greets at ${host}:${port}`)
  return fail(
    CHECK,
    `nobody takes mail at ${host}:${port}`,
    'Give this command the variables of the relay; if they are the same, restart it.',
  )
}

function firstLine(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const done = (line?: string) => {
      socket.destroy()
      resolve(line)
    }
    socket.setTimeout(GREETING_WITHIN_MS, () => done())
    socket.on('error', () => done())
    socket.once('data', (bytes) => done(bytes.toString('latin1').split('\r\n', 1)[0]))
  })
}
