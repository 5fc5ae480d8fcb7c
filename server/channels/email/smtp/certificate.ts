import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Clock } from '../../../clock.ts'
import { ConfigError } from '../../../config.ts'

/** Certificates are renewed every few weeks; the new one is in use within the hour, without a restart. */
const LOOK_EVERY_MS = 60 * 60_000

export type Certificate = { cert: string; key: string }

/** The certificate in two PEM files. Throws ConfigError when they hold none. relay:ENV1 */
export function readCertificate(paths: Certificate): Certificate {
  const found = { cert: read('CHAOS_SMTP_TLS_CERT', paths.cert), key: read('CHAOS_SMTP_TLS_KEY', paths.key) }
  try {
    createSecureContext(found)
  } catch {
    throw new ConfigError(['CHAOS_SMTP_TLS_CERT: must be a certificate in PEM whose private key is in CHAOS_SMTP_TLS_KEY'])
  }
  return found
}

function read(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new ConfigError([`${variable}: cannot be read; it must be the path of a PEM file`])
  }
}

/** Tells of a new certificate in the files, until stopped. One that cannot be read, or does not fit yet, waits for the next look. */
export function followCertificate(
  paths: Certificate,
  clock: Pick<Clock, 'after'>,
  changed: (certificate: Certificate) => void,
): () => void {
  let current = readCertificate(paths)
  let cancel = () => {}

  function look(): void {
    try {
      const found = readCertificate(paths)
      if (found.cert !== current.cert || found.key !== current.key) changed(found)
      current = found
    } catch {
      // The one in use still works.
    }
    cancel = clock.after(LOOK_EVERY_MS, look)
  }

  changed(current)
  cancel = clock.after(LOOK_EVERY_MS, look)
  return () => cancel()
}
