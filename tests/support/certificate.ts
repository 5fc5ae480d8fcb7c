import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate of its own making for `name`, as two files. */
export function makeCertificate(name = 'localhost') {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-certificate-'))
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`]
  execFileSync('openssl', [...request, '-keyout', key, '-out', cert, ...subject], { stdio: 'pipe' })
  return {
    cert,
    key,
    pem: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
