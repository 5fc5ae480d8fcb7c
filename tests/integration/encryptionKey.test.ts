import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RelayOptions, startRelay } from '../support/relay.ts'
import { spawnRelay } from '../support/relayProcess.ts'

describe('the encryption key', () => {
  let dataDir: string
  const undo: (() => unknown)[] = []
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'chaos-key-'))
  })
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const start = async (options: RelayOptions = {}) => {
    const relay = await startRelay({ dataDir, ...options })
    undo.push(() => relay.close())
    return relay
  }

  it('relay:STO1 relay:STO3 the generated key file and everything beside it is readable by the owner alone', async () => {
    const relay = await start()
    await relay.client()
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    expect(readdirSync(dataDir)).toContain('encryption.key')
    for (const name of readdirSync(dataDir)) expect(statSync(join(dataDir, name)).mode & 0o777, name).toBe(0o600)
  })

  it('relay:STO3 with a wrong key the relay refuses to start and says which variable or file is wrong', async () => {
    const first = await start()
    await first.client()
    await first.close()
    const byVariable = await spawnRelay(['serve', '--port', '0', '--data-dir', dataDir], {
      CHAOS_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    }).ended
    expect([byVariable.code, byVariable.stdout]).toEqual([1, ''])
    expect(byVariable.stderr).toMatch(/CHAOS_ENCRYPTION_KEY.*--accept-key-loss/s)
    writeFileSync(join(dataDir, 'encryption.key'), randomBytes(32).toString('base64'))
    const byFile = await spawnRelay(['serve', '--port', '0', '--data-dir', dataDir]).ended
    expect([byFile.code, byFile.stdout]).toEqual([1, ''])
    expect(byFile.stderr).toContain(join(dataDir, 'encryption.key'))
  })

  it('relay:STO3 a passphrase in CHAOS_ENCRYPTION_KEY works over restarts', async () => {
    const env = { CHAOS_ENCRYPTION_KEY: 'correct horse battery staple' }
    const relay = await start({ env })
    const client = await relay.client()
    await relay.restart()
    expect((await client.register()).json).toMatchObject({ apiKey: client.apiKey, serverPublicKey: client.serverPublicKey })
  })

  it('relay:STO3 with --accept-key-loss it starts with a new server key, and clients register anew into their old session', async () => {
    const first = await start({ env: { CHAOS_ENCRYPTION_KEY: randomBytes(32).toString('hex') } })
    const client = await first.client()
    await first.close()
    const env = { CHAOS_ENCRYPTION_KEY: randomBytes(32).toString('hex') }
    const second = await start({ env, acceptKeyLoss: true })
    const again = await second.client({ identity: client.identity })
    expect(again.userId).toBe(client.userId)
    expect(again.serverPublicKey).not.toEqual(client.serverPublicKey)
    expect(again.apiKey).not.toBe(client.apiKey)
    const stillValid = await again.request('POST', '/ws/ticket', { headers: { Authorization: `Bearer ${client.apiKey}` } })
    expect(stillValid.status).toBe(200)
    await second.close()
    const third = await start({ env })
    expect((await third.client()).serverPublicKey).toEqual(again.serverPublicKey)
  })
})
