import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'

/** A certificate authority of this test alone, and a certificate of it for 127.0.0.1. The whole test process trusts it until `close`. */
export function createAuthority() {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-authority-'))
  const file = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority')
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=127.0.0.1')
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1\n')
  openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-out', 'server.pem', '-days', '1', '-extfile', 'names'],
  )
  const trusted = getCACertificates('default')
  setDefaultCACertificates([...trusted, readFileSync(file('ca.pem'), 'utf8')])

  return {
    certificate: file('server.pem'),
    key: file('server.key'),
    close(): void {
      setDefaultCACertificates(trusted)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
