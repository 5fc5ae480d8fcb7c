import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { createClient } from '../support/client.ts'
import { examineAll, says } from '../support/doctor.ts'
import { send } from '../support/http.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { spawnRelay, startRelayProcess } from '../support/relayProcess.ts'

describe('doctor', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })

  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'chaos-doctor-'))
    undo.push(() => rmSync(path, { recursive: true, force: true }))
    return path
  }
  /** A data directory with a session in it, and nobody using it. */
  async function rested(env: Record<string, string> = {}): Promise<string> {
    const dataDir = folder()
    const relay = await startRelay({ dataDir, env })
    await relay.client()
    await relay.close()
    return dataDir
  }
  async function running(options: Parameters<typeof startRelay>[0] = {}): Promise<TestRelay> {
    const relay = await startRelay(options)
    undo.push(relay.close)
    return relay
  }
  /** What listens there, until the test is over. */
  async function occupied(answer: (respond: (status: number, body: string) => void) => void = () => {}): Promise<number> {
    const server = createServer((_request, response) => answer((status, body) => response.writeHead(status).end(body)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    undo.push(() => server.close())
    const address = server.address()
    return typeof address === 'object' && address ? address.port : 0
  }

  /** A port where nobody listens. */
  async function deserted(): Promise<number> {
    const port = await occupied()
    await undo.pop()?.()
    return port
  }

  it('relay:CLI3 a new machine passes: one line per check, exit 0', async () => {
    const { code, stdout, stderr } = await spawnRelay(['doctor', '--port', '0', '--data-dir', join(folder(), 'data')]).ended
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.slice(0, -1).every((line) => /^(ok {2}|skip) {2}\S[^:]*: \S/.test(line))).toBe(true)
    expect(lines.at(-1)).toBe('All checks passed')
    expect(lines.map((line) => line.slice(6).split(':')[0])).toEqual(
      expect.arrayContaining([
        'configuration',
        'data directory',
        'store',
        'encryption key',
        'port',
        'public address',
        'bots',
        'email',
        'clock',
      ]),
    )
  })

  it('relay:CLI3 a wrong variable is a line with its reason and exit 1', async () => {
    const env = { LOG_LEVEL: 'loud', CHAOS_RETENTION_DAYS: '0' }
    const { code, stdout } = await spawnRelay(['doctor', '--data-dir', folder()], env).ended
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^FAIL {2}configuration: LOG_LEVEL: .*\nFAIL {2}configuration: CHAOS_RETENTION_DAYS: .*\nskip .*\n2 issue\(s\) found\n$|CHAOS_RETENTION_DAYS[\s\S]*LOG_LEVEL/,
    )
    const json = await spawnRelay(['doctor', '--json', '--data-dir', folder()], env).ended
    expect(JSON.parse(json.stdout)).toMatchObject({ issues: 2 })
    expect(json.code).toBe(1)
  })

  it('relay:CLI3 relay:STO1 it works beside a running relay, finds it, and disturbs nothing', async () => {
    const relay = await startRelayProcess()
    undo.push(relay.close)
    const { code, stdout } = await spawnRelay(['doctor', '--port', String(relay.port), '--data-dir', relay.dataDir]).ended
    expect(stdout).toMatch(new RegExp(`^ok {4}port: the relay answers at http://127\\.0\\.0\\.1:${relay.port} \\(version `, 'm'))
    expect([code, /FAIL|warn/.test(stdout)]).toEqual([0, false])
    expect((await send(relay.url, '/health')).status).toBe(200)
    const elsewhere = await spawnRelay(['doctor', '--port', String(await deserted()), '--data-dir', relay.dataDir]).ended
    expect([elsewhere.code, elsewhere.stdout]).toEqual([
      1,
      expect.stringMatching(/FAIL {2}port: .*nobody answers \(ECONNREFUSED\)/),
    ])
  }, 60_000)

  it('relay:CLI3 it changes nothing of data at rest', async () => {
    const dataDir = await rested()
    const look = () =>
      readdirSync(dataDir).map((name) => [
        name,
        statSync(join(dataDir, name)).mode,
        readFileSync(join(dataDir, name)).toString('base64'),
      ])
    const before = look().filter(([name]) => !String(name).endsWith('-shm') && !String(name).endsWith('-wal'))
    expect((await examineAll({ CHAOS_DATA_DIR: dataDir, PORT: '0' })).findings.filter(({ outcome }) => outcome === 'fail')).toEqual(
      [],
    )
    const after = look()
    expect(after.filter(([name]) => !String(name).endsWith('-shm') && !String(name).endsWith('-wal'))).toEqual(before)
    for (const [name, mode] of after) expect([name, Number(mode) & 0o077]).toEqual([name, 0])
  })

  it('relay:CLI3 files that others may read, a port in use and an address open to all are told with their fix', async () => {
    const dataDir = await rested()
    chmodSync(join(dataDir, 'encryption.key'), 0o644)
    const port = await occupied()
    const found = await examineAll({ CHAOS_DATA_DIR: dataDir, PORT: String(port) })
    expect(found.of('data directory')[0]).toMatchObject(
      says('fail', /others .* may read .*encryption\.key/, /^Run: chmod go-rwx .*encryption\.key$/),
    )
    expect(found.of('port')).toEqual([expect.objectContaining(says('fail', /is used by another program/, /--port/))])
    const open = await examineAll({ CHAOS_DATA_DIR: dataDir, PORT: '0', CHAOS_HOST: '0.0.0.0' })
    expect(open.of('public address')).toEqual([expect.objectContaining(says('warn', /without TLS/, /proxy/))])
  })

  it('relay:CLI3 a damaged, a cut and a newer store are told, with the way out', async () => {
    const dataDir = await rested()
    const path = join(dataDir, 'relay.db')
    const whole = readFileSync(path)
    const store = async () => (await examineAll({ CHAOS_DATA_DIR: dataDir, PORT: '0' })).of('store')[0]
    expect(await store()).toMatchObject(says('ok', /is whole/))
    const file = openSync(path, 'r+')
    for (let page = 2; page < 12; page++) writeSync(file, Buffer.alloc(2048, 0xa5), 0, 2048, page * 4096 + 8)
    closeSync(file)
    expect(await store()).toMatchObject(says('fail', /damaged/, /restore .*salvage/))
    writeFileSync(path, whole.subarray(0, whole.length - 8192))
    expect(await store()).toMatchObject(says('fail', /damaged/))
    writeFileSync(path, 'not a database at all, but long enough to be looked at as one by anybody')
    expect(await store()).toMatchObject(says('fail', /damaged/))
    writeFileSync(path, whole)
    const newer = new DatabaseSync(path)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    expect(await store()).toMatchObject(says('fail', /newer version .*schema 99/, /Install that version/))
  })

  it('relay:CLI3 so is damage in the log that a killed relay left behind', async () => {
    const relay = await startRelayProcess()
    undo.push(relay.close)
    for (let n = 0; n < 4; n++) await createClient(relay.url)
    await relay.kill('SIGKILL')
    const store = async () => (await examineAll({ CHAOS_DATA_DIR: relay.dataDir, PORT: '0' })).of('store')[0]
    expect(await store()).toMatchObject(says('ok', /is whole/))
    const log = openSync(join(relay.dataDir, 'relay.db-wal'), 'r+')
    // Inside the first page of the log: everything after it would silently be forgotten.
    writeSync(log, Buffer.from([0x5a]), 0, 1, 32 + 24 + 1000)
    closeSync(log)
    expect(await store()).toMatchObject(says('fail', /its log does not fit/, /restore/))
  })

  it('relay:CLI3 a key that does not fit, or is gone, is told by its place', async () => {
    const dataDir = await rested()
    const key = async (env: Record<string, string> = {}) =>
      (await examineAll({ CHAOS_DATA_DIR: dataDir, PORT: '0', ...env })).of('encryption key')[0]
    expect(await key()).toMatchObject(says('ok', /the key file opens the data/))
    expect(await key({ CHAOS_ENCRYPTION_KEY: 'some passphrase of mine' })).toMatchObject(
      says('fail', /CHAOS_ENCRYPTION_KEY is not the key/),
    )
    rmSync(join(dataDir, 'encryption.key'))
    expect(await key()).toMatchObject(says('fail', /encryption\.key .*is missing/))
    expect(readdirSync(dataDir)).not.toContain('encryption.key')
    const passphrase = { CHAOS_ENCRYPTION_KEY: 'another passphrase' }
    const other = await rested(passphrase)
    expect((await examineAll({ CHAOS_DATA_DIR: other, PORT: '0', ...passphrase })).of('encryption key')[0]).toMatchObject(
      says('ok', /CHAOS_ENCRYPTION_KEY opens the data/),
    )
  })

  it('relay:CLI3 a public address leads to this relay, or the broken hop is named', async () => {
    const relay = await running()
    const other = await running()
    const at = async (url: string) => {
      const env = { CHAOS_DATA_DIR: relay.dataDir, PORT: String(relay.port), CHAOS_PUBLIC_URL: url, CHAOS_TRUST_PROXY: '1' }
      return (await examineAll(env)).of('public address')
    }
    expect(await at(relay.url)).toEqual([expect.objectContaining(says('ok', /leads to this relay/))])
    expect(await at(other.url)).toEqual([expect.objectContaining(says('fail', /leads to another relay/))])
    expect(await at(`http://127.0.0.1:${await occupied((respond) => respond(502, 'Bad gateway'))}`)).toEqual([
      expect.objectContaining(says('fail', /proxy answers that does not reach the relay \(502\)/)),
    ])
    expect(await at(`http://127.0.0.1:${await occupied((respond) => respond(200, '{"version":"1"}'))}`)).toEqual([
      expect.objectContaining(says('fail', /something else answers \(200\)/)),
    ])
    expect(await at(`http://127.0.0.1:${await deserted()}`)).toEqual([
      expect.objectContaining(says('fail', /ECONNREFUSED/, /Nothing listens there/)),
    ])
    expect(await at('http://no-such-host.invalid')).toEqual([
      expect.objectContaining(says('warn', /not encrypted/)),
      expect.objectContaining(says('fail', /ENOTFOUND|EAI_AGAIN/, /DNS/)),
    ])
    const unseen = await examineAll({ CHAOS_DATA_DIR: relay.dataDir, PORT: String(relay.port), CHAOS_PUBLIC_URL: relay.url })
    expect(unseen.of('proxy')).toEqual([expect.objectContaining(says('warn', /as one caller/, /CHAOS_TRUST_PROXY/))])
  })
})
