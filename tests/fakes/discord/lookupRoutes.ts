import {
  type APIDMChannel,
  type APITextChannel,
  ChannelType,
  type RESTGetAPICurrentUserGuildsResult,
  type RESTGetAPICurrentUserResult,
  type RESTGetAPIGatewayBotResult,
  type RESTGetAPIGuildChannelsResult,
} from 'discord-api-types/v10'
import { gatewayUrl } from './gateway.ts'
import type { FakeChannel } from './model.ts'
import { missingAccess, Refusal } from './refusal.ts'
import type { OpenCall, Routes } from './routes.ts'
import { directChannel, type World } from './world.ts'

/** What a bot can find out about itself and about where it is. */
export const lookupRoutes = {
  'GET /users/@me': ({ bot }): RESTGetAPICurrentUserResult => bot.user,

  'GET /applications/@me': ({ bot }) => ({ ...bot.application, description: '', flags: bot.messageContent ? 1 << 19 : 0 }),

  'GET /oauth2/applications/@me': ({ bot }) => ({ ...bot.application, description: '' }),

  'GET /gateway/bot': ({ world }): RESTGetAPIGatewayBotResult => ({
    url: gatewayUrl(world),
    shards: 1,
    session_start_limit: { total: 1000, remaining: world.startsLeft, reset_after: 14_400_000, max_concurrency: 1 },
  }),

  'GET /users/@me/guilds': ({ world }) =>
    [...world.guilds.values()].map(({ id, name }) => ({ id, name })) as RESTGetAPICurrentUserGuildsResult,

  'GET /guilds/:guildId/channels': ({ world, params }) =>
    inGuild(world, params)
      .filter(({ thread }) => !thread)
      .map(apiChannel) as RESTGetAPIGuildChannelsResult,

  'GET /guilds/:guildId/threads/active': ({ world, params }) => ({
    threads: inGuild(world, params)
      .filter(({ thread }) => thread)
      .map(apiChannel),
    members: [],
  }),

  'POST /users/@me/channels': ({ world, body }) => {
    if (typeof body.recipient_id !== 'string') throw new Refusal(400, 50035, 'Invalid Form Body: recipient_id')
    return apiChannel(directChannel(world, body.recipient_id))
  },

  'GET /channels/:channelId': (call) => apiChannel(channelOf(call)),
} satisfies Routes

function inGuild({ guilds, channels }: World, { guildId }: Record<string, string>): FakeChannel[] {
  if (!guilds.has(guildId ?? '')) throw new Refusal(404, 10004, 'Unknown Guild')
  return [...channels.values()].filter((channel) => channel.guildId === guildId)
}

/** The channel a call names, if the bot may look into it. */
export function channelOf({ world, params }: Pick<OpenCall, 'world' | 'params'>): FakeChannel {
  const channel = world.channels.get(params.channelId ?? '')
  if (!channel) throw new Refusal(404, 10003, 'Unknown Channel')
  if (channel.closed) throw missingAccess()
  return channel
}

function apiChannel({ id, guildId, name, thread, messages, recipientId }: FakeChannel): APIDMChannel | APITextChannel {
  const last_message_id = messages.at(-1)?.id ?? null
  if (guildId === undefined)
    return { id, type: ChannelType.DM, last_message_id, recipients: [{ id: recipientId }] } as unknown as APIDMChannel
  const type = thread ? ChannelType.PublicThread : ChannelType.GuildText
  return { id, type, guild_id: guildId, name: name ?? '', last_message_id, position: 0 } as unknown as APITextChannel
}
