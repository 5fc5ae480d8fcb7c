import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { root } from '../../scripts/setup/paths.mjs'
import { startForeignServer } from './foreignServer.ts'

type Wanted = {
  /** Under /relay instead of at the root of its host. */
  prefix: boolean
  port: number
  relayPort: number
  tls: { certificate: string; key: string }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** One of docs/proxies, the addresses and files of this test in place of the reader's. Each must be there to be replaced. */
function documented(name: string, places: Record<string, string>): string {
  let text = readFileSync(join(root, 'docs/proxies', name), 'utf8')
  for (const [written, meant] of Object.entries(places)) {
    if (!text.includes(written)) throw new Error(`docs/proxies/${name} does not say "${written}".`)
    text = text.replaceAll(written, meant)
  }
  return text
}

/** nginx as docs/proxies/nginx.conf has it, on a port of its own. */
export function startNginx({ prefix, port, relayPort, tls }: Wanted) {
  const site = documented(prefix ? 'nginx-prefix.conf' : 'nginx.conf', {
    'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
    '/etc/ssl/relay.example.org/fullchain.pem': tls.certificate,
    '/etc/ssl/relay.example.org/privkey.pem': tls.key,
    'server 127.0.0.1:8787;': `server 127.0.0.1:${relayPort};`,
  })
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`)
  const main = ['daemon off;', 'pid nginx.pid;', 'worker_processes 1;', 'error_log stderr notice;', 'events {}']
  const http = ['http {', 'access_log off;', ...temporary, 'include site.conf;', '}']
  return startForeignServer({ 'nginx.conf': [...main, ...http].join('\n'), 'site.conf': site }, (folder) => ({
    command: 'nginx',
    args: ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'],
    ready: /start worker process /,
  }))
}

/** Caddy as docs/proxies/caddy.conf has it, with a certificate of the test instead of one it would fetch. */
export function startCaddy({ prefix, port, relayPort, tls }: Wanted) {
  const site = documented(prefix ? 'caddy-prefix.conf' : 'caddy.conf', {
    'relay.example.org {': `https://127.0.0.1:${port} {\n\tbind 127.0.0.1\n\ttls ${tls.certificate} ${tls.key}`,
    '127.0.0.1:8787': `127.0.0.1:${relayPort}`,
  })
  const options = '{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n'
  return startForeignServer({ Caddyfile: options + site }, (folder) => ({
    command: 'caddy',
    args: ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')],
    ready: /serving initial configuration/,
  }))
}
