import type { Config } from '../../config.ts'
import { isLoopback } from '../../hosts.ts'
import { type Finding, fail, ok, skip, warn } from './finding.ts'
import { type Answered, knock } from './knock.ts'
import type { Opened } from './store.ts'

const CHECK = 'public address'
/** What proxies say when they do not reach what is behind them. */
const GATEWAY_TROUBLE = new Set([502, 503, 504])

/** Whether the address others use leads to this relay, seen from the relay itself. Names the hop that is broken. relay:CLI3 */
export async function checkPublicUrl(
  { publicUrl, host, trustProxy }: Config,
  running: boolean,
  { opened, fetch }: { opened: Opened | undefined; fetch: typeof globalThis.fetch },
): Promise<Finding[]> {
  if (publicUrl === undefined) return [isLoopback(host) ? skip(CHECK, 'none is set: platforms are polled') : openToAll(host)]
  const findings = [...plainHttp(publicUrl), ...(trustProxy ? [] : [unseenProxy])]
  if (!running || !opened) return [...findings, skip(CHECK, 'the relay must run to be reached')]
  return [...findings, finding(publicUrl, await knock(publicUrl, { key: opened.serverKey.publicKey, fetch }))]
}

const openToAll = (host: string) =>
  warn(
    CHECK,
    `the relay listens on ${host} without TLS, and no CHAOS_PUBLIC_URL is set`,
    'Listen on 127.0.0.1, put a proxy with TLS in front and set CHAOS_PUBLIC_URL (docs/self-hosting.md).',
  )

const unseenProxy = warn(
  'proxy',
  'limits count everybody behind the proxy as one caller',
  'Set CHAOS_TRUST_PROXY=1 if the proxy sets X-Forwarded-For and nobody reaches the relay past it.',
)

function plainHttp(publicUrl: string): Finding[] {
  if (publicUrl.startsWith('https:') || isLoopback(new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1'))) return []
  return [warn(CHECK, `${publicUrl} is not encrypted`, 'Give the proxy a certificate and set CHAOS_PUBLIC_URL to https://….')]
}

function finding(url: string, answered: Answered): Finding {
  switch (answered.who) {
    case 'ours':
      return ok(CHECK, `${url} leads to this relay`)
    case 'another relay':
      return fail(CHECK, `${url} leads to another relay`, 'Correct CHAOS_PUBLIC_URL, or what the proxy passes on to.')
    case 'something else':
      return GATEWAY_TROUBLE.has(answered.status)
        ? fail(
            CHECK,
            `at ${url} a proxy answers that does not reach the relay (${answered.status})`,
            'Correct the address the proxy passes on to.',
          )
        : fail(
            CHECK,
            `at ${url} something else answers (${answered.status})`,
            'Pass everything below this address on to the relay, and set CHAOS_PUBLIC_URL with the path, if it has one.',
          )
    case 'nobody':
      return fail(CHECK, `${url} cannot be reached from here (${answered.trouble})`, hint(answered.trouble))
  }
}

function hint(trouble: string): string {
  if (trouble === 'ENOTFOUND' || trouble === 'EAI_AGAIN') return 'The name is not known: check CHAOS_PUBLIC_URL and the DNS record.'
  if (trouble === 'ECONNREFUSED') return 'Nothing listens there: start the proxy, and check its port.'
  if (/CERT|SELF_SIGNED|TLS|SSL|VERIFY/.test(trouble))
    return 'The certificate is not valid for this name, or not trusted: renew or replace it.'
  return 'Check the firewall, and that this machine may reach its own public address; some routers do not allow that.'
}
