import * as z from 'zod/mini'
import { type ChannelConfig, channelConfigSchema, type SigningScheme } from '#protocol/channel.ts'
import { botRegisteredSchema, channelChangedSchema, channelCreatedSchema, emailRegisteredSchema } from '#protocol/http.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Locks } from '../platform/locks.ts'
import { recoveryKey } from '../relay/account.ts'
import type { RelayClient } from '../relay/http.ts'
import { channelFacts } from './facts.ts'
import { createRotation } from './rotation.ts'
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
  onMoved,
}: {
  db: Database
  client: Pick<RelayClient, 'ask'>
  vault: Vault
  locks: Locks
  now: () => number
  /** A channel is another one from now on. */
  onMoved: (profileId: string, from: string, to: string) => Promise<void>
}) {
  const rotate = createRotation({ db, client, vault })

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
    const { mentionOnly } = channelFacts(config)
    const body = { name, prompt, agentId, direction, enabled, runInBackground, notifyOnComplete, mentionOnly }
    const request = { method: 'PATCH' as const, target: `/channels/${encodeURIComponent(channelId)}`, body }
    await client.ask(profileId, request, channelChangedSchema).catch(() => undefined)
  }

  /**
   * `anew`: as another channel, with an address of its own. Whoever has to sign still has to: with the secret that was kept, else with one
   * to be made, which the step asks for. relay:CH3
   */
  async function rebuildWebhook(profileId: string, config: ChannelConfig, anew: boolean): Promise<string> {
    const inUrl = URL.canParse(config.webhookUrl ?? '') ? new URL(config.webhookUrl ?? '').searchParams.get('token') : null
    // The address as the relay last told it is at least as new as what was kept of it.
    const webhookSecret = anew ? undefined : (inUrl ?? (await vault.open(profileId, 'secret', config.id)))
    const { signingScheme } = channelFacts(config)
    const signingSecret = signingScheme && (await vault.open(profileId, 'signing', config.id))
    const { id, name, prompt, agentId, direction, enabled, runInBackground, notifyOnComplete } = config
    const { signingScheme: _shown, ...metadata } = config.metadata
    const body = {
      ...{ type: 'webhook', name, prompt, agentId, direction, enabled, runInBackground, notifyOnComplete, ...(!anew && { id }) },
      metadata: {
        ...metadata,
        ...(webhookSecret && { webhookSecret }),
        ...(signingScheme && signingSecret && { signingScheme, signingSecret }),
      },
    }
    const { channel } = await client.ask(profileId, { method: 'POST', target: '/channels', body }, channelCreatedSchema)
    const { webhookSecret: made, ...shown } = channel.metadata
    await saveChannel(db, profileId, channel.id, { ...channel, metadata: shown }, now())
    if (typeof made === 'string') await vault.keep(profileId, 'secret', channel.id, made)
    if (signingScheme && signingSecret) await vault.keep(profileId, 'signing', channel.id, signingSecret)
    else if (signingScheme) await demandSigning(profileId, channel, signingScheme)
    if (channel.id !== id) await leave(profileId, id, channel.id)
    return channel.id
  }

  async function leave(profileId: string, from: string, to: string): Promise<void> {
    await onMoved(profileId, from, to)
    await saveChannel(db, profileId, from, null, now())
    await vault.forget(profileId, from)
  }

  /** With a secret nobody knows, so that nothing unsigned gets in meanwhile. */
  async function demandSigning(profileId: string, { id, type }: ChannelConfig, scheme: SigningScheme): Promise<void> {
    await rotate({ profileId, channelId: id, which: 'signing', scheme })
    await db.put('steps', { profileId, channelId: id, kind: 'renew_signing', channelType: type, createdAt: now(), dismissed: 0 })
  }

  async function rebuildBot(profileId: string, config: ChannelConfig): Promise<string> {
    const kept = await vault.open(profileId, 'token', config.id)
    if (!kept) throw new Failure('paste_token', 'The relay lost this bot and its token was not kept. Paste the token again.')
    const target = `/channels/${config.type}/register`
    const { channelId } = await client.ask(profileId, { method: 'POST', target, body: JSON.parse(kept) }, botRegisteredSchema)
    await vault.keep(profileId, 'token', channelId, kept)
    await restoreSettings(profileId, channelId, config)
    if (channelId !== config.id) await leave(profileId, config.id, channelId)
    return channelId
  }

  async function rebuildEmail(profileId: string, config: ChannelConfig): Promise<string> {
    const { userEmail, inboundAddress } = channelFacts(config)
    const body = {
      userEmail,
      channelName: config.name ?? inboundAddress?.split('@')[0]?.replace(/-[a-z0-9]{10}$/, ''),
      agentId: config.agentId,
    }
    const target = '/channels/email/register'
    const { channelId } = await client.ask(profileId, { method: 'POST', target, body }, emailRegisteredSchema)
    await restoreSettings(profileId, channelId, config)
    if (channelId !== config.id) await leave(profileId, config.id, channelId)
    return channelId
  }

  /** A record is replaced only after its new registration succeeded. client:REC5 */
  async function rebuild(profileId: string, config: ChannelConfig, anew = false): Promise<string> {
    if (config.type === 'webhook') return rebuildWebhook(profileId, config, anew)
    return config.type === 'email' ? rebuildEmail(profileId, config) : rebuildBot(profileId, config)
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
            await db.put('steps', rebuildStep(profileId, config, now(), isTaken(error)))
          }
          record.done.push(id)
          await db.put('settings', { key: recoveryKey(profileId), value: record })
        }
        await db.delete('settings', recoveryKey(profileId))
        return true
      }),

    async registerAgain(profileId: string, channelId: string, anew = false): Promise<string> {
      const known = await db.get('channels', [profileId, channelId])
      if (!known) throw new Failure('channel_not_found', 'This channel is not known here any more.')
      try {
        return await rebuild(profileId, known.config, anew)
      } catch (error) {
        if (isTaken(error)) await db.put('steps', rebuildStep(profileId, known.config, now(), true))
        throw error
      }
    },
  }
}

/** Another session has this id or bot, and only its key could give it back. relay:CH4, TG2 */
function isTaken(error: unknown): boolean {
  return error instanceof Failure && (error.code === 'channel_exists' || error.code === 'bot_in_use')
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Failure)) return false
  return ['network', 'timeout', 'rate_limited', 'internal', 'storage_unavailable', 'reissue_later', 'blocked'].includes(error.code)
}
