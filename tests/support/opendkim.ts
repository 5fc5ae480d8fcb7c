import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { makeDkimKey } from './dkim.ts'
import { startForeignServer } from './foreignServer.ts'
import { filteredBy } from './milter.ts'
import { freePort } from './proxies.ts'

/** A real OpenDKIM that signs with this key whatever it is shown. */
export async function startOpenDkim({ domain, selector, pem }: ReturnType<typeof makeDkimKey>, canonicalization: string) {
  const port = await freePort()
  const settings = (folder: string) =>
    [
      'Background no',
      'Syslog no',
      'Mode s',
      `Socket inet:${port}@127.0.0.1`,
      `Domain ${domain}`,
      `Selector ${selector}`,
      `KeyFile ${folder}/key.pem`,
      `Canonicalization ${canonicalization}`,
      'SignatureAlgorithm rsa-sha256',
      'RequireSafeKeys no',
      `TemporaryDirectory ${folder}`,
      `PidFile ${folder}/opendkim.pid`,
    ].join('\n')
  const server = await startForeignServer({}, (folder) => {
    writeFileSync(join(folder, 'key.pem'), pem)
    chmodSync(join(folder, 'key.pem'), 0o600)
    writeFileSync(join(folder, 'opendkim.conf'), `${settings(folder)}\n`)
    // It looks for signals every five seconds; there is nothing to finish.
    return { command: 'opendkim', args: ['-f', '-x', join(folder, 'opendkim.conf')], port, end: 'SIGKILL' }
  })
  return { sign: (raw: string) => filteredBy(port, raw), close: server.close }
}
