import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startFakeTelegram } from '../fakes/telegram/fake.ts'
import { readTrace, systemCalls, unitSettings } from '../support/allowed.ts'
import { createClient } from '../support/client.ts'
import { spawnRelay } from '../support/relayProcess.ts'
import { createWebhook } from '../support/webhook.ts'

const UNIT = 'deploy/chaos-relay.service'
const settings = unitSettings(readFileSync(UNIT, 'utf8'))

/** No systemd runs in a test. What it would allow is read from the unit, what the relay does from strace. */
describe('deploy/chaos-relay.service', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })

  it('relay:PKG3 is a unit systemd understands, and a well-locked one', () => {
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', UNIT], { encoding: 'utf8' })
    expect([verified.status, verified.stdout, verified.stderr]).toEqual([0, '', ''])
    const judged = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=20', UNIT], {
      encoding: 'utf8',
    })
    expect(judged.status, judged.stdout).toBe(0)
  })

  it('relay:PKG3 allows all the relay does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chaos-service-'))
    undo.push(() => rmSync(folder, { recursive: true, force: true }))
    const telegram = await startFakeTelegram()
    undo.push(() => telegram.close())
    const traceFile = join(folder, 'trace')
    const dataDir = join(folder, 'data')
    const relay = spawnRelay(
      ['serve', '--port', '0', '--data-dir', dataDir],
      {
        // By name, so that the resolver is asked.
        CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot.replace('127.0.0.1', 'localhost'),
        TMPDIR: folder,
        // As a service has it: what it compiles it keeps nowhere.
        NODE_DISABLE_COMPILE_CACHE: '1',
      },
      undefined,
      // -D: strace stands aside, so that the process we start and stop is the relay.
      ['strace', '-D', '-f', '-qq', '-s', '4096', '-o', traceFile],
    )
    const client = await createClient(await relay.listening)
    const inbox = await client.openResumed()
    const webhook = await createWebhook(client, { id: 'door' })
    await webhook.say('hello')
    await inbox.nextOf('message')
    const attachments = [{ filename: 'b.bin', mimeType: 'application/zip', dataBase64: Buffer.alloc(100_000).toString('base64') }]
    await client.post('/reply', { channelId: 'door', content: 'hi', attachments })
    const { json } = await client.post('/channels/telegram/register', { botToken: telegram.bot.token })
    telegram.user('Ada').send(json.pairingCode)
    await telegram.nextSent()
    relay.child.kill('SIGTERM')
    expect((await relay.ended).code).toBe(0)

    const { calls, families, written } = readTrace(readFileSync(traceFile, 'utf8'))
    const allowed = systemCalls(settings.get('SystemCallFilter') ?? '')
    expect(allowed.size).toBeGreaterThan(200)
    expect(calls.size).toBeGreaterThan(30)
    expect([...calls].filter((call) => !allowed.has(call))).toEqual([])
    const spoken = settings.get('RestrictAddressFamilies')?.split(' ') ?? []
    expect([...families]).toContain('AF_INET')
    expect([...families].filter((family) => !spoken.includes(family))).toEqual([])
    expect(written).toContain(join(dataDir, 'relay.db'))
    expect([...written].filter((path) => path !== '/dev/null' && path !== dataDir && !path.startsWith(`${dataDir}/`))).toEqual([])
  })

  it('relay:PKG3 waits longer than the relay takes to stop, and does not repeat a wrong variable', async () => {
    expect(Number(settings.get('TimeoutStopSec'))).toBeGreaterThan(20)
    expect(settings.get('Environment')).toBe(`CHAOS_DATA_DIR=/var/lib/${settings.get('StateDirectory')}`)
    const { code } = await spawnRelay(['serve'], { PORT: 'x' }).ended
    expect(String(code)).toBe(settings.get('RestartPreventExitStatus'))
  })
})
