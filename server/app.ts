import { randomBytes } from 'node:crypto'
import { createCore } from './app/core.ts'
import { startMaintenance } from './app/maintenance.ts'
import { openStorage } from './app/storage.ts'
import { registerRoute } from './auth/register.ts'
import { deleteSessionRoute, ticketRoute } from './auth/routes.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { createAddresses } from './http/address.ts'
import { healthRoute } from './http/health.ts'
import { createRequestIds } from './http/requestId.ts'
import { createHttpServer } from './http/server.ts'
import { unknownRoute } from './http/unknown.ts'
import { createFileFetcher } from './inbox/fetcher.ts'
import { inboxRoutes } from './inbox/routes.ts'
import type { Log } from './log.ts'
import { createHub } from './ws/hub.ts'
import { createUpgrade } from './ws/upgrade.ts'

export type Relay = Awaited<ReturnType<typeof createRelay>>

/** The whole relay, wired. The only file that names concrete parts. `random` gives that many CSPRNG bytes. */
export async function createRelay({
  config,
  log,
  clock = systemClock(),
  fetch = globalThis.fetch,
  random = randomBytes,
}: {
  config: Config
  log: Log
  clock?: Clock
  fetch?: typeof globalThis.fetch
  random?: (bytes: number) => Uint8Array
}) {
  const storage = await openStorage({ config, log })
  const { store, seal, serverKey } = storage
  const { limits, verify, sessions, tickets, guards } = createCore({ config, clock, store })
  const addresses = createAddresses({ publicUrl: config.publicUrl, trustProxy: config.trustProxy })
  const nextRequestId = createRequestIds()
  const hub = createHub({ inbox: store.inbox, clock, log, maxPerUser: config.maxSocketsPerUser })
  sessions.watch({ tokensEnded: (hashes) => hub.closeTokens(hashes), removed: (userId) => hub.closeSession(userId) })
  const fetcher = createFileFetcher({
    attachments: store.attachments,
    channel: () => undefined,
    fetchFile: () => Promise.reject(new Error('no channels yet')),
    unseal: seal.unseal,
    clock,
    log,
  })

  const routes = [
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
    ...inboxRoutes({ guards, store, fetcher, clock }),
    deleteSessionRoute({ sessions, guards, beforeRemove: async () => {} }),
  ]

  const http = createHttpServer({
    routes,
    unknown: unknownRoute(guards),
    addresses,
    nextRequestId,
    sign: serverKey.sign,
    now: clock.now,
    log,
    maxBodyBytes: config.maxBodyBytes,
  })

  http.server.on(
    'upgrade',
    createUpgrade({
      sessions,
      tickets,
      serverKey,
      hub,
      inbox: store.inbox,
      replies: { accept: () => Promise.reject(new Error('no outbox yet')) },
      limits,
      addresses,
      nextRequestId,
      clock,
      log,
    }),
  )

  const { retentionDays, retentionMessages } = config
  const maintenance = startMaintenance({ store: store.maintenance, clock, log, retentionDays, retentionMessages })

  return {
    store,
    /** Accepts connections. `url` has the configured host and the real port. */
    async listen(): Promise<{ url: string; port: number }> {
      const { port } = await http.listen(config.port, config.host)
      return { url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`, port }
    },
    /** Finishes running requests, closes sockets with 1012, then everything below, in reverse order. relay:GEN8 */
    async close(): Promise<void> {
      await Promise.all([http.close(), hub.close()])
      await fetcher.close()
      await maintenance.close()
      await storage.close()
    },
  }
}

/** What GET /health says a client may use. relay:HLT1 */
function features(config: Config): string[] {
  const always = ['sig2', 'ws2', 'ticket', 'attachments', 'server-sig']
  return config.email.domain && config.email.resendApiKey ? [...always, 'email'] : always
}
