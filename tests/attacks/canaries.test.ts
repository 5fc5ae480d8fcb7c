import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Mutation, makeMutant } from '../faults/mutant.ts'
import { createClient } from '../support/client.ts'
import { startRelay } from '../support/relay.ts'
import { spawnRelay, startRelayProcess } from '../support/relayProcess.ts'
import { createWebhook } from '../support/webhook.ts'
import { bots, useBot, useInteraction } from './canary/bots.ts'
import { scan } from './canary/scan.ts'
import * as walk from './canary/walk.ts'
import { PUBLIC_URL, startWorld, type World } from './canary/world.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** Everything a relay can do, done once: in private, in public, and with every platform gone. */
async function useEverything(world: World): Promise<void> {
  const relay = await world.run()
  const client = await walk.createOwner(world, relay.url)
  await walk.signInEverywhere(world, client)
  await walk.useWebhook(world, client)
  const [telegram = '', discord = '', slack = ''] = await Promise.all(bots(world).map((bot) => useBot(world, client, bot)))
  await useInteraction(world, client, discord)
  const email = await walk.useEmail(world, client, relay.smtpPort)
  await walk.useApprovals(world, client)
  await walk.useDevice(world, client)
  await walk.useAdmin(world, client)
  const commands = [['backup', join(world.dataDir, '..', 'backup.db')], ['doctor'], ['fingerprint'], ['status']]
  await Promise.all(
    commands.map(async (args) => {
      const { stdout, stderr } = await spawnRelay([...args, '--data-dir', world.dataDir], world.env).ended
      world.note(`chaos-relay ${args[0]}`, stdout + stderr)
    }),
  )
  world.keepFiles()
  await relay.stop()
  const open = await world.run({ CHAOS_PUBLIC_URL: PUBLIC_URL })
  const again = await createClient(open.url, { identity: client.identity })
  await walk.useByPost(world, again, { telegram, email })
  await walk.useWithoutPlatforms(world, again, [telegram, discord, slack, email])
  world.keepFiles()
  await open.stop()
}

async function leaksOf(options: Parameters<typeof startWorld>[0] = {}) {
  const world = await startWorld(options)
  undo.push(() => world.close())
  await useEverything(world)
  return { ...scan(world.places(), world.secrets.all), secrets: world.secrets.all }
}

/** A relay that tells too much, in each kind of place. */
const TALKATIVE: Mutation = {
  name: 'secrets in a log, a file, an answer, a page and a frame',
  edits: [
    {
      file: 'server/app.ts',
      from: '  const counts = createCounts()\n',
      to: "  const counts = createCounts()\n  log.info({ key: config.adminKey }, 'starting')\n",
    },
    {
      file: 'server/ws/receive.ts',
      from: '    const frame = parseFrame(data, isBinary)\n',
      to: "    const frame = parseFrame(data, isBinary)\n    log.error({ said: String(data) }, 'heard')\n",
    },
    { file: 'server/auth/register.ts', from: 'token.tokenHash, seal.seal(token.apiKey)', to: 'token.tokenHash, token.apiKey' },
    {
      file: 'server/admin/channels.ts',
      from: '{ id, type, agentId, enabled,',
      to: "{ id, type, webhookUrl: agentId = '', enabled,",
    },
    {
      file: 'server/channels/pairing.ts',
      from: "host.rejected(channel.id, 'wrong pairing code')",
      to: 'host.rejected(channel.id, `wrong pairing code $' + '{code}`)',
    },
  ],
}

describe('a run of everything the relay does', { timeout: 120_000 }, () => {
  it('relay:STO2, LOG1, ERR1, ADM9, CH6 leaves no secret in a log, an answer, a frame, a mail or a file but where a rule shows it', async () => {
    const { leaks, shown, secrets } = await leaksOf()
    expect(leaks).toEqual([])
    expect(secrets.length).toBeGreaterThan(50)
    expect(secrets.filter(({ name, mayStand }) => mayStand && !shown.has(name)).map(({ name }) => name)).toEqual([])
  })

  it('is a test that fails when the relay tells too much', async () => {
    const mutant = makeMutant(TALKATIVE)
    undo.push(() => mutant.remove())
    const { leaks } = await leaksOf({ command: mutant.withNames })
    for (const leak of [
      'CHAOS_ADMIN_KEY in log',
      'what is answered on telegram in log',
      'a rotated apiKey in file data/relay.db',
      'a rotated apiKey in file backup.db',
      'a rotated webhook secret in GET /admin/status',
      'a wrong guess for slack in GET /ws',
    ])
      expect(leaks).toContain(leak)
  })
})

describe('every other relay of the tests', () => {
  const key = 'the-password-of-an-operator'
  it.each(['this process', 'a process of its own'])(
    'relay:STO2, LOG1 is watched: what it keeps in clear fails the test that ends it, in %s',
    async (where) => {
      const env = { CHAOS_ADMIN_KEY: key }
      const relay = where === 'this process' ? await startRelay({ env }) : await startRelayProcess({ env })
      const webhook = await createWebhook(await createClient(relay.url))
      await webhook.say(`somebody wrote down ${key}`)
      await expect(relay.close()).rejects.toThrow('Secrets of the relay in clear: CHAOS_ADMIN_KEY in relay.db')
    },
  )
})
