import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runExample } from '../support/example.ts'
import { send } from '../support/http.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { startRelayProcess } from '../support/relayProcess.ts'

/** Posts to the address an example printed, as whoever it was given to. */
async function post(webhookUrl: string, content: string): Promise<void> {
  const { origin, pathname, search } = new URL(webhookUrl)
  const { status } = await send(origin, pathname + search, { method: 'POST', body: content })
  expect(status).toBe(200)
}

/** What was answered at that address. */
async function answers(webhookUrl: string): Promise<string[]> {
  const { origin, pathname } = new URL(webhookUrl)
  const { json } = await send(origin, pathname.replace('/webhook/', '/responses/'))
  return json.responses.map(({ content }: { content: string }) => content)
}

describe('examples that are clients', () => {
  let folder: string
  let relay: TestRelay
  const undo: { close(): Promise<void> }[] = []
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chaos-example-'))
    relay = await startRelay()
  })
  afterEach(async () => {
    for (const one of [relay, ...undo.splice(0)]) await one.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('relay:REG6, SIG2, WS8, WS13 node/client.mjs receives, answers, survives kills and restarts, and misses nothing', async () => {
    const env = { RELAY_URL: relay.url, STATE_FILE: join(folder, 'state.json') }
    const first = runExample('node/client.mjs', [], env)
    const [, userId] = await first.line(/^session (\S+)$/)
    const [, webhookUrl = ''] = await first.line(/^webhook (\S+)$/)
    await first.line(/^connected$/)
    await post(webhookUrl, 'one')
    await first.line(/^webhook: one$/)
    await first.line(/^reply sent$/)
    expect(await answers(webhookUrl)).toEqual(['You said: one'])
    await relay.restart()
    await first.line(/^connected$/)
    await post(webhookUrl, 'two')
    await first.line(/^webhook: two$/)
    await first.line(/^reply sent$/)
    await first.kill('SIGKILL')
    await post(webhookUrl, 'while it was away')
    const second = runExample('node/client.mjs', [], env)
    expect((await second.line(/^session (\S+)$/))[1]).toBe(userId)
    await second.line(/^connected$/)
    await second.line(/^reply sent$/)
    const { stdout } = await second.kill('SIGTERM')
    expect(stdout.match(/^webhook: .*$/gm)).toEqual(['webhook: while it was away'])
    expect(await answers(webhookUrl)).toEqual(['You said: one', 'You said: two', 'You said: while it was away'])
    expect(statSync(env.STATE_FILE).mode & 0o777).toBe(0o600)
  })

  it('relay:REG6 node/client.mjs waits for a relay that is not there yet', async () => {
    const late = await startRelayProcess()
    undo.push(late)
    await late.kill('SIGTERM')
    const client = runExample('node/client.mjs', [], { RELAY_URL: late.url, STATE_FILE: join(folder, 'state.json') })
    await client.complaint(/fetch failed/)
    await late.start()
    await client.line(/^connected$/)
    await client.kill('SIGTERM')
  })

  it('relay:SRV3 node/client.mjs refuses a relay with another key', async () => {
    const env = { RELAY_URL: relay.url, STATE_FILE: join(folder, 'state.json') }
    const first = runExample('node/client.mjs', [], env)
    await first.line(/^connected$/)
    await first.kill('SIGTERM')
    const impostor = await startRelay()
    undo.push(impostor)
    const second = await runExample('node/client.mjs', [], { ...env, RELAY_URL: impostor.url }).ended
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('not the relay of before') })
  })

  it('relay:REG6, SIG2, CUR5, REP11 python/client.py reads and answers, each message once', async () => {
    const env = { RELAY_URL: relay.url, STATE_DIR: join(folder, 'state') }
    const poll = () => runExample('python/client.py', ['--once'], env).ended
    const first = await poll()
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const [, userId] = /^session (\S+)$/m.exec(first.stdout) ?? []
    const [, webhookUrl = ''] = /^webhook (\S+)$/m.exec(first.stdout) ?? []
    for (let number = 0; number < 3; number++) await post(webhookUrl, `${number}: "ä" & 1`)
    const second = await poll()
    expect(second.stdout.split('\n').slice(2, -1)).toEqual([0, 1, 2].map((number) => `webhook: ${number}: "ä" & 1`))
    expect(second.stdout).toContain(`session ${userId}\n`)
    expect((await poll()).stdout.split('\n')).toHaveLength(3)
    expect(await answers(webhookUrl)).toEqual([0, 1, 2].map((number) => `You said: ${number}: "ä" & 1`))
    expect(statSync(join(env.STATE_DIR, 'key.pem')).mode & 0o077).toBe(0)
  })

  it('relay:SIG4 python/client.py makes 64 bytes of a signature, however short its numbers are', () => {
    const number = (hex: string) => `02${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`
    const signature = (r: string, s: string) => `30${((number(r) + number(s)).length / 2).toString(16)}${number(r)}${number(s)}`
    const long = 'f1'.repeat(32)
    const short = '7a'.repeat(31)
    for (const [der, r, s] of [
      [signature(`00${long}`, `00${long}`), long, long],
      [signature(short, `00${long}`), `00${short}`, long],
      [signature('01', short), '01'.padStart(64, '0'), `00${short}`],
    ] as const) {
      const script = `import client; print(client.raw(bytes.fromhex('${der}')).hex())`
      const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', PYTHONDONTWRITEBYTECODE: '1' }
      expect(execFileSync('python3', ['-c', script], { cwd: 'examples/python', env, encoding: 'utf8' })).toBe(`${r}${s}\n`)
    }
  })
})
