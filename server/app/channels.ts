import { createAdapters } from '../channels/adapters.ts'
import { createDirectory } from '../channels/directory.ts'
import { createDiscord } from '../channels/discord/discord.ts'
import { createEmail } from '../channels/email/email.ts'
import { createChannelHost } from '../channels/host.ts'
import { createPairing } from '../channels/pairing.ts'
import { createPairingRoutes } from '../channels/pairingRoutes.ts'
import { channelRoutes } from '../channels/routes.ts'
import { createSlack } from '../channels/slack/slack.ts'
import { takeOverRoutes } from '../channels/takeOverRoutes.ts'
import { createTelegram } from '../channels/telegram/telegram.ts'
import { createWebhook } from '../channels/webhook/webhook.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { isLoopback } from '../hosts.ts'
import { bearerRoutes } from '../http/guards.ts'
import type { OwnerRoute, Route } from '../http/route.ts'
import { createFileFetcher } from '../inbox/fetcher.ts'
import { createIngest } from '../inbox/ingest.ts'
import type { Log } from '../log.ts'
import type { Counts } from '../metrics/counts.ts'
import { statusFrame } from '../outbox/status.ts'
import type { Hub } from '../ws/hub.ts'
import type { Core } from './core.ts'
import type { Storage } from './storage.ts'

export type Channels = ReturnType<typeof createChannels>

/** Every kind of channel, what they share, and the way into the inbox. `baseUrlForPages` is for links in mails (relay:GEN6). */
export function createChannels({
  config,
  storage,
  core,
  hub,
  clock,
  log,
  newId,
  fetch,
  random,
  chance,
  nameServers,
  baseUrlForPages,
  counts,
}: {
  config: Config
  storage: Storage
  core: Core
  hub: Hub
  clock: Clock
  log: Log
  newId: () => string
  fetch: typeof globalThis.fetch
  random: (bytes: number) => Uint8Array
  chance: () => number
  nameServers: readonly string[] | undefined
  baseUrlForPages: () => string
  counts: Counts
}) {
  const { store, seal, channels } = storage
  const { guards, limits } = core
  const { publicUrl, apiRoots, maxBodyBytes } = config
  const adapters = createAdapters()
  const directory = createDirectory(channels)
  const fetcher = createFileFetcher({
    attachments: store.attachments,
    channel: directory.byId,
    fetchFile: adapters.fetchFile,
    unseal: seal.unseal,
    clock,
    log,
  })
  const ingest = createIngest({ store, seal: seal.seal, clock, newId, filesToFetch: fetcher.wake, counts })
  const host = createChannelHost({
    store,
    directory,
    adapters,
    ingest,
    hub,
    seal,
    clock,
    log,
    repliesFailed(replies) {
      for (const reply of replies) {
        counts.replies.add(reply.channelType, reply.state)
        hub.sendFrame(reply.userId, statusFrame(reply))
      }
    },
    counts,
  })
  const pairing = createPairing({ host, clock, random })
  const shared = { host, guards, limits, clock, random, log, fetch, publicUrl }
  const webhook = createWebhook({ host, limits, clock, maxBodyBytes })
  const telegram = createTelegram({ ...shared, pairing, apiRoot: apiRoots.telegram })
  const discord = createDiscord({ ...shared, chance, pairing, apiRoot: apiRoots.discord, gatewayUrl: config.discordGatewayUrl })
  const slack = createSlack({ ...shared, pairing, apiRoot: apiRoots.slack })
  const email = createEmail({
    ...shared,
    config: { ...config.email, loopback: isLoopback(config.host) },
    apiRoot: apiRoots.resend,
    nameServers,
    baseUrlForPages,
  })
  adapters.add(webhook.adapter, telegram.adapter, discord.adapter, slack.adapter, email.adapter)
  const ownerRoutes: OwnerRoute[] = [
    ...channelRoutes({ host, clock }),
    ...createPairingRoutes({ host, pairing, limits }),
    ...takeOverRoutes({ host, inbox: store.inbox }),
    ...email.ownerRoutes,
  ]
  const routes: Route[] = [
    ...bearerRoutes(guards, ownerRoutes),
    ...webhook.routes,
    ...telegram.routes,
    ...discord.routes,
    ...slack.routes,
    ...email.routes,
  ]
  let receivingMail: Awaited<ReturnType<typeof email.start>> | undefined

  return {
    host,
    adapters,
    fetcher,
    all: directory.all,
    /** What owners do with their channels, before it is said how they prove who they are. */
    ownerRoutes,
    routes,
    /** Where mail is taken by SMTP, once it is. */
    smtpPort: () => receivingMail?.smtpPort,
    /** Connects to the platforms and takes up what was left over. */
    async start(): Promise<void> {
      await host.start()
      receivingMail = await email.start()
      fetcher.wake()
    },
    async close(): Promise<void> {
      await receivingMail?.close()
      await host.close()
      await fetcher.close()
    },
  }
}
