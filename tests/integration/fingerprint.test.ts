import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { publicKeySchema, thumbprintJson } from '#protocol/keys.ts'
import { safetyNumber } from '../../lib/relay/safetyNumber.ts'
import { readSafetyNumber } from '../../server/app/fingerprint.ts'
import { createClient } from '../support/client.ts'
import { spawnRelay, startRelayProcess } from '../support/relayProcess.ts'

const fingerprintOf = (key: Parameters<typeof thumbprintJson>[0]) =>
  createHash('sha256').update(thumbprintJson(key)).digest('hex').match(/.{4}/g)?.join(' ') ?? ''

it('client:PIN6, relay:SRV3 the fingerprint command tells the key of a running relay, the same after a restart', async () => {
  const relay = await startRelayProcess()
  try {
    const { serverPublicKey } = await createClient(relay.url)
    const told = await spawnRelay(['fingerprint', '--data-dir', relay.dataDir]).ended
    expect(told).toMatchObject({ code: 0, stdout: `${fingerprintOf(serverPublicKey)}\n` })
    await relay.restart()
    expect((await spawnRelay(['fingerprint', '--data-dir', relay.dataDir]).ended).stdout).toBe(told.stdout)
  } finally {
    await relay.close()
  }
})

it('client:SAF5, relay:REG8 with --session it tells the safety number the extension shows, and nothing else of the client’s key', async () => {
  const relay = await startRelayProcess()
  const tell = (session: string) => spawnRelay(['fingerprint', '--data-dir', relay.dataDir, '--session', session]).ended
  try {
    const { serverPublicKey, identity, userId } = await createClient(relay.url)
    const other = await createClient(relay.url)
    const number = await safetyNumber(fingerprintOf(publicKeySchema.parse(identity.publicKey)), fingerprintOf(serverPublicKey))
    const lines = number.match(/(\d{5} ?){4}/g)?.map((line) => `${line.trim()}\n`)
    const told = await tell(userId)
    expect(told).toMatchObject({ code: 0, stdout: lines?.join(''), stderr: '' })
    expect((await tell(userId.slice(0, 8))).stdout).toBe(told.stdout)
    const another = await tell(other.userId)
    expect(another).toMatchObject({ code: 0 })
    expect(another.stdout).not.toBe(told.stdout)
    expect(readSafetyNumber(relay.dataDir, fingerprintOf(serverPublicKey), '')).toEqual({ state: 'several' })
  } finally {
    await relay.close()
  }
})

it('client:SAF5 a session that is unknown, told too briefly or without a key is refused with what to do', async () => {
  const relay = await startRelayProcess()
  const tell = (session: string) => spawnRelay(['fingerprint', '--data-dir', relay.dataDir, '--session', session]).ended
  try {
    const bare = await createClient(relay.url, { keyed: false })
    for (const [session, reason] of [
      [bare.userId, 'no signing key'],
      ['%%%%%%%%', 'no session begins like that'],
      [bare.userId.slice(0, 7), 'at least its first 8 characters'],
      ['', 'at least its first 8 characters'],
    ] as const) {
      const told = await tell(session)
      expect(told, session).toMatchObject({ code: 1, stdout: '' })
      expect(told.stderr).toContain(reason)
    }
  } finally {
    await relay.close()
  }
})

it('without data the fingerprint command says what to do and leaves nothing behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-none-'))
  try {
    const told = await spawnRelay(['fingerprint', '--data-dir', join(folder, 'nothing')]).ended
    expect(told.code).toBe(1)
    expect(told.stderr).toContain('--data-dir')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
