import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startForeignServer } from './foreignServer.ts'
import { freePort } from './proxies.ts'

/** The same four words for both sides: what the many words of RFC 8601 come down to. */
export type Word = 'pass' | 'none' | 'bad' | 'unsure'
export type Opinion = { spf: Word; dkim: Word; dmarc: Word }

/** What rspamd calls it. Those not here (a signature that is only of no use) are told by another one beside them. */
const SYMBOLS: Record<keyof Opinion, [RegExp, Word][]> = {
  spf: [
    [/^R_SPF_ALLOW$/, 'pass'],
    [/^R_SPF_DNSFAIL$/, 'unsure'],
    [/^R_SPF_(?:FAIL|SOFTFAIL|NEUTRAL|PERMFAIL)$/, 'bad'],
  ],
  dkim: [
    [/^R_DKIM_ALLOW$/, 'pass'],
    [/^R_DKIM_TEMPFAIL$/, 'unsure'],
    [/^R_DKIM_(?:REJECT|PERMFAIL)$/, 'bad'],
  ],
  dmarc: [
    [/^DMARC_POLICY_ALLOW/, 'pass'],
    [/^DMARC_DNSFAIL$/, 'unsure'],
    [/^DMARC_(?:POLICY_(?:REJECT|QUARANTINE|SOFTFAIL)|BAD_POLICY)$/, 'bad'],
  ],
}

/** Public suffixes the tests use; compiling all of them takes seconds. */
const SUFFIXES = ['com', 'example', 'uk', 'co.uk']

/** A real rspamd with nothing but its SPF, DKIM and DMARC, asking a name server of the test. */
export async function startRspamd(nameServerPort: number) {
  const port = await freePort()
  const settings = (folder: string) => `
options {
  filters = "dkim";
  tempdir = "${folder}";
  pidfile = "${folder}/rspamd.pid";
  control_socket = "${folder}/rspamd.sock mode=0600";
  history_file = "${folder}/history";
  cache_file = "${folder}/cache";
  url_tld = "${folder}/suffixes";
  local_addrs = [];
  check_all_filters = true;
  dns { nameserver = ["127.0.0.1:${nameServerPort}:10"]; timeout = 1s; retransmits = 1; sockets = 1; }
}
logging { type = "console"; level = "notice"; }
worker "normal" { bind_socket = "127.0.0.1:${port}"; count = 1; task_timeout = 10s; }
modules { path = "/usr/share/rspamd/plugins/dmarc.lua"; path = "/usr/share/rspamd/plugins/spf.lua"; }
spf { check_local = true; check_authed = true; }
dkim { check_local = true; check_authed = true; }
dmarc { check_local = true; check_authed = true; }
actions { reject = 1000; }
`
  const server = await startForeignServer({ suffixes: `${SUFFIXES.join('\n')}\n` }, (folder) => {
    writeFileSync(join(folder, 'rspamd.conf'), settings(folder))
    const asRoot = process.getuid?.() === 0 ? ['-i'] : []
    return { command: 'rspamd', args: ['-f', ...asRoot, '-c', join(folder, 'rspamd.conf')], port }
  })

  return {
    /** What it says of a mail that was handed over from this address. */
    async judge(raw: string, { ip, mailFrom }: { ip: string; mailFrom: string }): Promise<Opinion> {
      const headers = { IP: ip, Helo: 'client.example', From: mailFrom, Rcpt: 'relay@mail.example.org' }
      const answer = await fetch(`http://127.0.0.1:${port}/checkv2`, { method: 'POST', headers, body: Buffer.from(raw) })
      const { symbols = {} } = (await answer.json()) as { symbols?: Record<string, unknown> }
      const names = Object.keys(symbols)
      const word = (of: keyof Opinion) => SYMBOLS[of].find(([symbol]) => names.some((name) => symbol.test(name)))?.[1] ?? 'none'
      return { spf: word('spf'), dkim: word('dkim'), dmarc: word('dmarc') }
    },
    log: server.log,
    close: server.close,
  }
}
