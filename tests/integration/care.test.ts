import { statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createClient, type TestClient } from '../support/client.ts'
import { type RelayProcess, spawnRelay, startRelayProcess } from '../support/relayProcess.ts'

let relay: RelayProcess
let client: TestClient

beforeEach(async () => {
  relay = await startRelayProcess()
  client = await createClient(relay.url)
})
afterEach(() => relay.close())

const command = (...args: string[]) => spawnRelay([...args, '--data-dir', relay.dataDir]).ended
const names = async () => (await client.get('/channels')).json.channels.map((channel: { name: string }) => channel.name)

it('relay:CLI2 backup beside a running relay; restore wants it stopped, brings it back and renews the epoch', async () => {
  await client.post('/channels', { name: 'kept' })
  const { epoch } = (await client.get('/messages?after=0')).json
  const file = join(relay.dataDir, 'backup.db')
  expect(await command('backup', file)).toMatchObject({ code: 0, stdout: expect.stringContaining('encryption.key') })
  await client.post('/channels', { name: 'later' })
  const early = await command('restore', file)
  expect([early.code, early.stderr]).toEqual([1, expect.stringMatching(/^chaos-relay: .*stop/i)])
  await relay.kill('SIGTERM')
  expect(await command('restore', file)).toMatchObject({ code: 0 })
  await relay.start()
  expect(await names()).toEqual(['kept'])
  expect((await client.get('/messages?after=0')).json.epoch).not.toBe(epoch)
})

it('relay:STO1 a cut store stops the start with the way out, and salvage is one', async () => {
  for (let n = 0; n < 60; n++) await client.post('/channels', { name: `channel ${n}`, prompt: 'x'.repeat(2_000) })
  await relay.kill('SIGTERM')
  const store = join(relay.dataDir, 'relay.db')
  truncateSync(store, statSync(store).size - 40_960)
  const refused = await spawnRelay(['serve', '--port', '0', '--data-dir', relay.dataDir]).ended
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/salvage/)])
  expect(await command('salvage')).toMatchObject({ code: 0, stdout: expect.stringMatching(/\d+ channels/) })
  await relay.start()
  expect((await fetch(`${relay.url}/health`)).status).toBe(200)
})

it('relay:CLI2 without data or backup there is a sentence and nothing is made', async () => {
  const missing = join(relay.dataDir, 'missing')
  expect(await spawnRelay(['backup', join(missing, 'b.db'), '--data-dir', missing]).ended).toMatchObject({ code: 1 })
  await relay.kill('SIGTERM')
  expect((await command('restore', missing)).stderr).toContain('There is no backup')
})
