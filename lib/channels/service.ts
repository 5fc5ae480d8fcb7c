import { type ChannelConfig, channelConfigSchema } from '#protocol/channel.ts'
import {
  type BotRegistered,
  botRegisteredSchema,
  channelChangedSchema,
  channelCreatedSchema,
  channelsAnswerSchema,
  emailRegisteredSchema,
  okAnswerSchema,
  pairingAnswerSchema,
  verificationAnswerSchema,
  webhookAnswerSchema,
} from '#protocol/http.ts'
import type { ChannelType } from '#protocol/message.ts'
import type { Database } from '../database/open.ts'
import type { Handlers } from '../messaging/define.ts'
import { Failure } from '../messaging/failure.ts'
import type { RelayClient } from '../relay/http.ts'
import { channelFacts } from './facts.ts'
import type { channelMessages } from './messages.ts'
import { createRotation } from './rotation.ts'
import { saveChannel } from './saveChannel.ts'
import { dropLost, editChannel, saveChannels } from './store.ts'
import type { Vault } from './vault.ts'

type Bot = { profileId: string; botToken: string; appToken?: string | undefined; remember: boolean }
export type ChannelService = ReturnType<typeof createChannelService>

/** Everything pages do with channels: ask the relay, keep the list in line, tell. client §11 */
export function createChannelService({
  db,
  client,
  vault,
  now,
  tell,
  waiting,
}: {
  db: Database
  client: Pick<RelayClient, 'ask'>
  vault: Vault
  now: () => number
  tell: (profileId: string) => void
  /** Channels that still wait for being rebuilt after a lost session. client:REC5 */
  waiting: (profileId: string) => Promise<ReadonlySet<string>>
}) {
  /** client:ARC7: a channel this version cannot read is left out and noted. */
  async function refresh(profileId: string): Promise<void> {
    const asked = now()
    const { channels } = await client.ask(profileId, { method: 'GET', target: '/channels' }, channelsAnswerSchema)
    const read = channels.map((channel) => channelConfigSchema.safeParse(channel))
    for (const one of read)
      if (!one.success)
        await db.add('quarantine', { profileId, at: now(), source: 'channel', reason: one.error.issues[0]?.code ?? '' })
    const configs = read.flatMap((one) => (one.success ? [one.data] : []))
    await saveChannels(db, profileId, configs, { asked, clock: now }, await waiting(profileId))
    tell(profileId)
  }

  /** The list is only a view: what was added is there even if it cannot be read right now. */
  async function refreshIfPossible(profileId: string): Promise<void> {
    await refresh(profileId).catch(() => undefined)
  }

  async function save(profileId: string, config: ChannelConfig): Promise<ChannelConfig> {
    const { webhookSecret: _secret, ...metadata } = config.metadata
    const shown = { ...config, metadata }
    await saveChannel(db, profileId, config.id, shown, now())
    tell(profileId)
    return shown
  }

  /** A channel that is gone on the relay goes here too. client:CHN2 */
  async function onChannel<T>(profileId: string, channelId: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      if (error instanceof Failure && error.code === 'channel_not_found') {
        await saveChannel(db, profileId, channelId, null, now())
        tell(profileId)
      }
      throw error
    }
  }

  /** A token that was not given again is still the one kept before: the relay has it still, too. client:REC4 */
  async function keepTokens(profileId: string, channelId: string, given: object): Promise<void> {
    const before = await vault.open(profileId, 'token', channelId)
    await vault.keep(profileId, 'token', channelId, JSON.stringify({ ...(before && JSON.parse(before)), ...given }))
  }

  async function addBot(type: ChannelType, { profileId, botToken, appToken, remember }: Bot) {
    const body = { botToken: clean(botToken), ...(appToken && { appToken: clean(appToken) }) }
    const registered = await client.ask(
      profileId,
      { method: 'POST', target: `/channels/${type}/register`, body },
      botRegisteredSchema,
    )
    if (remember) await keepTokens(profileId, registered.channelId, body)
    await dropLost(
      db,
      profileId,
      (config) => config.type === type && config.id !== registered.channelId && isSameBot(config, registered),
    )
    await refreshIfPossible(profileId)
    return registered
  }

  const rotate = createRotation({ db, client, vault })
  const pathOf = (channelId: string): string => `/channels/${encodeURIComponent(channelId)}`
  const post = (channelId: string, action: string, body: object = {}) =>
    ({ method: 'POST', target: `${pathOf(channelId)}/${action}`, body }) as const

  const changed = (profileId: string, channelId: string, request: Parameters<RelayClient['ask']>[1]): Promise<ChannelConfig> =>
    onChannel(profileId, channelId, async () =>
      save(profileId, (await client.ask(profileId, request, channelChangedSchema)).channel),
    )

  const handlers: Omit<Handlers<typeof channelMessages.table>, 'registerAgain'> = {
    refresh: ({ profileId }) => refresh(profileId),

    async addWebhook({ profileId, name }) {
      const body = { type: 'webhook', ...(name.trim() && { name: name.trim() }) }
      const { channel, webhookUrl = channel.webhookUrl } = await client.ask(
        profileId,
        { method: 'POST', target: '/channels', body },
        channelCreatedSchema,
      )
      const { webhookSecret } = channel.metadata
      if (typeof webhookSecret === 'string') await vault.keep(profileId, 'secret', channel.id, webhookSecret)
      const shown = await save(profileId, { ...channel, ...(webhookUrl && { webhookUrl }) })
      return { channel: shown, webhookUrl: webhookUrl ?? '' }
    },

    addTelegram: (bot) => addBot('telegram', bot),
    addDiscord: (bot) => addBot('discord', bot),
    addSlack: (bot) => addBot('slack', bot),

    async addEmail({ profileId, userEmail, name }) {
      const address = clean(userEmail)
      const body = { userEmail: address, ...(name.trim() && { channelName: name.trim() }) }
      const registered = await client.ask(
        profileId,
        { method: 'POST', target: '/channels/email/register', body },
        emailRegisteredSchema,
      )
      await dropLost(
        db,
        profileId,
        (config) => config.type === 'email' && config.id !== registered.channelId && channelFacts(config).userEmail === address,
      )
      await refreshIfPossible(profileId)
      return registered
    },

    change: ({ profileId, channelId, change }) =>
      changed(profileId, channelId, { method: 'PATCH', target: pathOf(channelId), body: change }),

    takeOver: ({ profileId, channelId, conversation, on }) =>
      changed(profileId, channelId, post(channelId, on ? 'take-over' : 'hand-back', { conversation })),

    async remove({ profileId, channelId }) {
      try {
        await client.ask(profileId, { method: 'DELETE', target: pathOf(channelId) }, okAnswerSchema)
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'channel_not_found') throw error
      }
      await saveChannel(db, profileId, channelId, null, now())
      await vault.forget(profileId, channelId)
      tell(profileId)
    },

    newPairingCode: ({ profileId, channelId }) =>
      onChannel(profileId, channelId, async () => {
        const answer = await client.ask(profileId, post(channelId, 'pairing'), pairingAnswerSchema)
        const { pairingCode, expiresAt: pairingExpiresAt } = answer
        await editChannel(db, profileId, channelId, (config) => ({
          ...config,
          metadata: { ...config.metadata, pairingCode, pairingExpiresAt },
        }))
        tell(profileId)
        return answer
      }),

    resendVerification: ({ profileId, channelId }) =>
      onChannel(profileId, channelId, () => client.ask(profileId, post(channelId, 'verification'), verificationAnswerSchema)),

    sendTest: ({ profileId, channelId }) =>
      onChannel(profileId, channelId, async () => {
        const known = await db.get('channels', [profileId, channelId])
        const target = known?.config.webhookUrl && webhookTarget(known.config.webhookUrl)
        if (!target) throw new Failure('wrong_channel_type', 'Only a webhook can be tried out this way.')
        const body = { from: 'Chaos Relay', text: 'This is a test message. Your webhook works.' }
        const { messageId } = await client.ask(profileId, { method: 'POST', target, body }, webhookAnswerSchema)
        return { messageId }
      }),

    rotateSecret: ({ profileId, channelId, ...wanted }) =>
      onChannel(profileId, channelId, async () => {
        const answer = await rotate({ profileId, channelId, ...wanted })
        tell(profileId)
        return answer
      }),
  }

  return { handlers, refresh }
}

/** Apps of several Slack workspaces have the same name as a rule; their addresses differ. */
function isSameBot(config: ChannelConfig, { botUsername, pairingUrl }: BotRegistered): boolean {
  const facts = channelFacts(config)
  return facts.botUsername === botUsername && (facts.botUrl === undefined || facts.botUrl === pairingUrl)
}

/** client:WIZ8: pasted values lose surrounding spaces, quotes and line breaks. */
function clean(text: string): string {
  return text.replace(/[\r\n]+/g, '').replace(/^[\s"'`]+|[\s"'`]+$/g, '')
}

/** The path a webhook's senders use, without whatever stands in front of the relay. */
function webhookTarget(webhookUrl: string): string | undefined {
  return /\/webhook\/[^/?#]+\?[^#]*$/.exec(webhookUrl)?.[0]
}
