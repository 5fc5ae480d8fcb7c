import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { thumbprintJson } from '#protocol/keys.ts'
import { createClient } from '../support/client.ts'
import { spawnRelay, startRelayProcess } from '../support/relayProcess.ts'

it('client:PIN6, relay:SRV3 the fingerprint command tells the key of a running relay, the same after a restart', async () => {
  const relay = await startRelayProcess()
  try {
    const { serverPublicKey } = await createClient(relay.url)
    const hex = createHash('sha256').update(thumbprintJson(serverPublicKey)).digest('hex')
    const told = await spawnRelay(['fingerprint', '--data-dir', relay.dataDir]).ended
    expect(told).toMatchObject({ code: 0, stdout: `${hex.match(/.{4}/g)?.join(' ')}\n` })
    await relay.restart()
    expect((await spawnRelay(['fingerprint', '--data-dir', relay.dataDir]).ended).stdout).toBe(told.stdout)
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
