import * as z from 'zod/mini'
import { type ChannelConfig, channelConfigSchema } from '#protocol/channel.ts'
import { botRegisteredSchema, channelChangedSchema, channelCreatedSchema, emailRegisteredSchema } from '#protocol/http.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Locks } from '../platform/locks.ts'
import { recoveryKey } from '../relay/account.ts'
import type { RelayClient } from '../relay/http.ts'
import { channelFacts } from './facts.ts'
import { saveChannel } from './saveChannel.ts'
import { rebuildStep } from './store.ts'
import type { Vault } from './vault.ts'

/** Written with the new session when the relay lost the old one: what was there, and what is rebuilt by now. client:REC1 */
const recordSchema = z.object({
  channels: z.array(z.object({ id: z.string(), config: channelConfigSchema })),
  done: z.array(z.string()),
})
type Recovery = z.infer<typeof recordSchema>

/** Rebuilds the channels of a lost session, once per loss, from where it stopped. client:REC1, REC2, REC3, REC5 */
export function createRecovery({
  db,
  client,
  vault,
  locks,
  now,
}: {
  db: Database
  client: Pick<RelayClient, 'ask'>
  vault: Vault
  locks: Locks
  now: () => number
}) {
  async function read(profileId: string): Promise<Recovery | undefined> {
    const record = recordSchema.safeParse((await db.get('settings', recoveryKey(profileId)))?.value)
    return record.success ? record.data : undefined
  }

  /** What the new registration does not carry over by itself; a channel works without it. */
  async function restoreSettings(
    profileId: string,
    channelId: string,
    { name, prompt, agentId, direction, ...config }: ChannelConfig,
  ) {
    const { enabled, runInBackground, notifyOnComplete } = config
    const body = { name, prompt, agentId, direction, enabled, runInBackground, notifyOnComplete }
    const request = { method: 'PATCH' as const, target: `/channels/${encodeURIComponent(channelId)}`, body }
    await client.ask(profileId, request, channelChangedSchema).catch(() => undefined)
  }

  async function rebuildWebhook(profileId: string, config: ChannelConfig): Promise<void> {
    const inUrl = URL.canParse(config.webhookUrl ?? '') ? new URL(config.webhookUrl ?? '').searchParams.get('token') : null
    const webhookSecret = (await vault.open(profileId, 'secret', config.id)) ?? inUrl
    const { id, name, prompt, agentId, direction, enabled, runInBackground, notifyOnComplete, metadata } = config
    const body = {
      ...{ type: 'webhook', id, name, prompt, agentId, direction, enabled, runInBackground, notifyOnComplete },
      metadata: { ...metadata, ...(webhookSecret && { webhookSecret }) },
    }
    const { channel } = await client.ask(profileId, { method: 'POST', target: '/channels', body }, channelCreatedSchema)
    const { webhookSecret: _secret, ...shown } = channel.metadata
    await saveChannel(db, profileId, id, { ...channel, metadata: shown }, now())
  }

  async function rebuildBot(profileId: string, config: ChannelConfig): Promise<void> {
    const kept = await vault.open(profileId, 'token', config.id)
    if (!kept) throw new Failure('paste_token', 'The relay lost this bot and its token was not kept. Paste the token again.')
    const target = `/channels/${config.type}/register`
    const { channelId } = await client.ask(profileId, { method: 'POST', target, body: JSON.parse(kept) }, botRegisteredSchema)
    await vault.keep(profileId, 'token', channelId, kept)
    await restoreSettings(profileId, channelId, config)
    if (channelId !== config.id) {
      await saveChannel(db, profileId, config.id, null, now())
      await vault.forget(profileId, config.id)
    }
  }

  async function rebuildEmail(profileId: string, config: ChannelConfig): Promise<void> {
    const { userEmail, inboundAddress } = channelFacts(config)
    const body = {
      userEmail,
      channelName: config.name ?? inboundAddress?.split('@')[0]?.replace(/-[a-z0-9]{10}$/, ''),
      agentId: config.agentId,
    }
    const target = '/channels/email/register'
    const { channelId } = await client.ask(profileId, { method: 'POST', target, body }, emailRegisteredSchema)
    await restoreSettings(profileId, channelId, config)
    if (channelId !== config.id) await saveChannel(db, profileId, config.id, null, now())
  }

  /** A record is replaced only after its new registration succeeded. client:REC5 */
  async function rebuild(profileId: string, config: ChannelConfig): Promise<void> {
    if (config.type === 'webhook') await rebuildWebhook(profileId, config)
    else if (config.type === 'email') await rebuildEmail(profileId, config)
    else await rebuildBot(profileId, config)
  }

  return {
    /** Channels that wait for their turn. */
    async waiting(profileId: string): Promise<ReadonlySet<string>> {
      const record = await read(profileId)
      return new Set(record?.channels.map(({ id }) => id).filter((id) => !record.done.includes(id)))
    },

    /** Does what is left to do; true when there was anything. A relay that cannot be reached leaves the rest for the next connection. */
    run: (profileId: string): Promise<boolean> =>
      locks.hold(`recovery:${profileId}`, async () => {
        const record = await read(profileId)
        if (!record) return false
        for (const { id, config } of record.channels) {
          if (record.done.includes(id)) continue
          try {
            await rebuild(profileId, config)
          } catch (error) {
            if (isPassing(error)) return true
            await db.put('steps', rebuildStep(profileId, config, now()))
          }
          record.done.push(id)
          await db.put('settings', { key: recoveryKey(profileId), value: record })
        }
        await db.delete('settings', recoveryKey(profileId))
        return true
      }),

    async registerAgain(profileId: string, channelId: string): Promise<void> {
      const known = await db.get('channels', [profileId, channelId])
      if (!known) throw new Failure('channel_not_found', 'This channel is not known here any more.')
      await rebuild(profileId, known.config)
    },
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Failure)) return false
  return ['network', 'timeout', 'rate_limited', 'internal', 'storage_unavailable', 'reissue_later', 'blocked'].includes(error.code)
}
