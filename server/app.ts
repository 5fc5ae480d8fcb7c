import { randomBytes } from 'node:crypto'
import { adminRoutes } from './admin/routes.ts'
import { createDesk } from './app/approvals.ts'
import { createChannels } from './app/channels.ts'
import { createCore } from './app/core.ts'
import { diskFreeOf } from './app/diskFree.ts'
import { createGauges } from './app/gauges.ts'
import { startMaintenance } from './app/maintenance.ts'
import { createSessionRemoval } from './app/sessionRemoval.ts'
import { openStorage } from './app/storage.ts'
import { registerRoute } from './auth/register.ts'
import { deleteSessionRoute, ticketRoute } from './auth/routes.ts'
import { sessionRoute } from './auth/sessionView.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { instanceRoute } from './daemon/instance.ts'
import { deviceRoutes } from './device/routes.ts'
import { createAddresses } from './http/address.ts'
import { healthRoute } from './http/health.ts'
import { withoutRedirects } from './http/noRedirects.ts'
import { createPublicFetch, type Lookup } from './http/publicFetch.ts'
import { createRequestIds } from './http/requestId.ts'
import { createHttpServer } from './http/server.ts'
import { createTrust } from './http/trust.ts'
import { unknownRoute } from './http/unknown.ts'
import { createIds } from './ids.ts'
import { inboxRoutes } from './inbox/routes.ts'
import type { Log } from './log.ts'
import { createCounts } from './metrics/counts.ts'
import { metricsRoute } from './metrics/routes.ts'
import { createReplies } from './outbox/accept.ts'
import { replyRoutes } from './outbox/routes.ts'
import { createOutbox } from './outbox/worker.ts'
import { createAssets } from './pages/assets.ts'
import { createHub } from './ws/hub.ts'
import { createUpgrade } from './ws/upgrade.ts'

export type Relay = Awaited<ReturnType<typeof createRelay>>

/**
 * The whole relay, wired; it runs once `listen` is called. `random` gives that many CSPRNG bytes, `chance` a number from 0 to 1.
 * `nameServers` are asked about who sends mail, the system's when unset; `lookup` tells the addresses of a host whose name a platform gave.
 */
export async function createRelay({
  config,
  log,
  clock = systemClock(),
  lookup,
  fetch = createPublicFetch({ trusted: Object.values(config.apiRoots), lookup }),
  random = randomBytes,
  chance = Math.random,
  nameServers,
}: {
  config: Config
  log: Log
  clock?: Clock
  lookup?: Lookup
  fetch?: typeof globalThis.fetch
  random?: (bytes: number) => Uint8Array
  chance?: () => number
  nameServers?: readonly string[]
}) {
  const counts = createCounts()
  const storage = await openStorage({ config, log, counts })
  const { store, seal, serverKey } = storage
  const core = createCore({ config, clock, store, counts })
  const { limits, verify, sessions, tickets, guards } = core
  const addresses = createAddresses({ publicUrl: config.publicUrl, trustProxy: config.trustProxy })
  const nextRequestId = createRequestIds()
  const newId = createIds(clock)
  let ownUrl = `http://${config.host}:${config.port}`

  const hub = createHub({ inbox: store.inbox, clock, log, maxPerUser: config.maxSocketsPerUser })
  sessions.watch({ tokensEnded: (hashes) => hub.closeTokens(hashes), removed: (userId) => hub.closeSession(userId) })
  const baseUrlForPages = () => config.publicUrl ?? ownUrl
  const given = {
    fetch: withoutRedirects(fetch),
    config,
    storage,
    core,
    hub,
    clock,
    log,
    newId,
    random,
    chance,
    nameServers,
    baseUrlForPages,
    counts,
  }
  const channels = createChannels(given)
  const { host, fetcher } = channels
  const adapters = channels.adapters.of
  const removeSession = createSessionRemoval({ sessions, removeChannels: host.removeAllOf })
  let maintenance: ReturnType<typeof startMaintenance> | undefined
  const notify = hub.sendFrame
  const assets = createAssets()
  const outbox = createOutbox({ store, adapters, host, clock, random: chance, log, notify, counts })
  const replies = createReplies({ store, host, clock, log, onQueued: outbox.wake, notify, newId, counts })

  const desk = createDesk({ store, core, hub, host, clock, log, random, counts })

  const unknown = unknownRoute(guards)
  const { instanceId } = config
  const http = createHttpServer({
    routes: [
      healthRoute({ maintenance: store.maintenance, limits, clock, websockets: hub.count, features: features(config) }),
      registerRoute({
        store: store.sessions,
        nonces: store.nonces,
        sessions,
        seal,
        verify,
        guards,
        clock,
        serverPublicKey: serverKey.publicKey,
        strict: config.strictRegister,
      }),
      ticketRoute({ tickets, guards }),
      sessionRoute({ guards, store: store.sessions, hub }),
      deleteSessionRoute({ guards, removeSession }),
      ...inboxRoutes({ guards, store, fetcher, clock }),
      ...replyRoutes({ guards, replies, store, host, adapters, clock, config }),
      ...channels.routes,
      ...desk.routes,
      metricsRoute({
        counts,
        gauges: createGauges({ maintenance: store.maintenance, hub, channels: channels.all, approvalsWaiting: desk.waiting }),
        trusted: createTrust(config),
        limits,
        adminKey: config.adminKey,
      }),
      ...deviceRoutes({
        prefix: addresses.prefix,
        passes: store.passes,
        sessions,
        guards,
        host,
        ownerRoutes: channels.ownerRoutes,
        assets,
        clock,
      }),
      ...adminRoutes({
        adminKey: config.adminKey,
        prefix: addresses.prefix,
        store,
        host,
        hub,
        limits,
        assets,
        clock,
        log,
        unackedDropped: (userId) => maintenance?.unackedDropped.get(userId) ?? 0,
        diskFree: diskFreeOf(config.dataDir),
        removeSession,
      }),
      ...(instanceId === undefined ? [] : [instanceRoute({ instanceId, unknown })]),
    ],
    unknown,
    addresses,
    nextRequestId,
    sign: serverKey.sign,
    now: clock.now,
    log,
    counts,
  })
  http.server.on(
    'upgrade',
    createUpgrade({
      sessions,
      tickets,
      serverKey,
      hub,
      inbox: store.inbox,
      replies,
      approvals: desk.forSockets,
      limits,
      addresses,
      nextRequestId,
      clock,
      log,
      counts,
    }),
  )
  return {
    store,
    /** What docs/openapi.yaml is made of. relay:API1 */
    routes: http.routes,
    /** Accepts connections, then connects to the platforms. `url` has the configured host and the real port. */
    async listen(): Promise<{ url: string; port: number; smtpPort: number | undefined }> {
      await desk.start()
      const { port } = await http.listen(config.port, config.host)
      ownUrl = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
      await channels.start()
      outbox.start()
      const { retentionDays, retentionMessages } = config
      maintenance = startMaintenance({ store: store.maintenance, clock, log, retentionDays, retentionMessages })
      return { url: ownUrl, port, smtpPort: channels.smtpPort() }
    },
    /** Finishes running requests, closes sockets with 1012, then stops everything below, in reverse order. relay:GEN8 */
    async close(): Promise<void> {
      desk.endWaits()
      await Promise.all([http.close(), hub.close()])
      desk.close()
      await maintenance?.close()
      await outbox.close()
      await channels.close()
      await storage.close()
    },
  }
}

/** What GET /health says a client may use. relay:HLT1 */
function features(config: Config): string[] {
  const always = ['sig2', 'ws2', 'ticket', 'attachments', 'device-link', 'server-sig', 'slack']
  return config.email.domain && (config.email.smtpOut || config.email.resendApiKey) ? [...always, 'email'] : always
}
