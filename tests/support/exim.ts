import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { startForeignServer } from './foreignServer.ts'
import { freePort } from './proxies.ts'

/** Mail for example.com lies in a file; `nobody@` does not exist, and while a file `later` is there everything is put off. `secure@` wants TLS. */
const rules = (folder: string, asNobody: boolean) => `
acl_smtp_rcpt = recipient
acl_smtp_data = text
tls_advertise_hosts = *
tls_certificate = ${folder}/cert.pem
tls_privatekey = ${folder}/key.pem
begin acl
recipient:
  deny local_parts = nobody
    message = there is no such user
  deny local_parts = secure
    !encrypted = *
    message = only with encryption
  defer condition = \${if exists{${folder}/later}}
    message = greylisted, come back later
  accept domains = example.com
  deny message = this is no relay
text:
  deny condition = \${if match{$h_Subject:}{lottery}}
    message = this looks like spam
  accept
begin routers
everything:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  file = ${folder}/box/delivered
  create_directory = false
  envelope_to_add
  return_path_add
${asNobody ? '  user = nobody\n  group = nogroup\n' : ''}`

/** A real Exim on a port and in a folder of its own, run by whoever runs the tests. */
export async function startExim(pem: { cert: string; key: string }) {
  const port = await freePort()
  const { uid, gid } = userInfo()
  const main = (folder: string) =>
    [
      `spool_directory = ${folder}/spool`,
      `log_file_path = ${folder}/%slog`,
      `pid_file_path = ${folder}/exim.pid`,
      `local_interfaces = 127.0.0.1`,
      `daemon_smtp_ports = ${port}`,
      'primary_hostname = mx.example.com',
      `exim_user = ${uid}`,
      `exim_group = ${gid}`,
      'deliver_drop_privilege = true',
      'never_users =',
      'host_lookup =',
      'rfc1413_query_timeout = 0s',
      'keep_environment =',
      'message_size_limit = 1M',
    ].join('\n')
  const server = await startForeignServer({}, (folder) => {
    mkdirSync(join(folder, 'spool'))
    // Run by root, Exim delivers as somebody else all the same.
    mkdirSync(join(folder, 'box'))
    chmodSync(join(folder, 'box'), 0o777)
    writeFileSync(join(folder, 'cert.pem'), pem.cert)
    writeFileSync(join(folder, 'key.pem'), pem.key)
    writeFileSync(join(folder, 'exim.conf'), main(folder) + rules(folder, uid === 0))
    chmodSync(join(folder, 'exim.conf'), 0o644)
    return { command: 'exim4', args: ['-C', join(folder, 'exim.conf'), '-bdf', '-q10m'], port }
  })
  const later = join(server.folder, 'later')
  const delivered = join(server.folder, 'box', 'delivered')
  return {
    port,
    /** Whether every recipient is put off at the moment. */
    putOff: (whether: boolean) => (whether ? writeFileSync(later, '') : rmSync(later)),
    /** What Exim has put into the mailbox so far. */
    delivered: () => (existsSync(delivered) ? readFileSync(delivered, 'utf8') : ''),
    log: () => readFileSync(join(server.folder, 'mainlog'), 'utf8'),
    close: server.close,
  }
}
