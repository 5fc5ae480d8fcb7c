import { sign } from 'node:crypto'
import { type APIUser, InteractionType } from 'discord-api-types/v10'
import type { FakeBot, FakeChannel } from './model.ts'
import type { World } from './world.ts'

/** What somebody did; the rest of an interaction is made around it. */
export type Act = { type: InteractionType; data?: Record<string, unknown>; message?: { id: string } }

export const act = {
  ping: (): Act => ({ type: InteractionType.Ping }),
  command: (name: string, options: Record<string, unknown> = {}): Act => ({
    type: InteractionType.ApplicationCommand,
    data: { id: '1', name, type: 1, options: Object.entries(options).map(([option, value]) => ({ name: option, type: 3, value })) },
  }),
  press: (customId: string): Act => ({ type: InteractionType.MessageComponent, data: { custom_id: customId, component_type: 2 } }),
  choose: (customId: string, values: string[]): Act => ({
    type: InteractionType.MessageComponent,
    data: { custom_id: customId, component_type: 3, values },
  }),
  complete: (name: string): Act => ({
    type: InteractionType.ApplicationCommandAutocomplete,
    data: { id: '1', name, type: 1, options: [{ name: 'q', type: 3, value: 'a', focused: true }] },
  }),
  submit: (customId: string, fields: Record<string, string>): Act => ({
    type: InteractionType.ModalSubmit,
    data: {
      custom_id: customId,
      components: Object.entries(fields).map(([custom_id, value]) => ({ type: 1, components: [{ type: 4, custom_id, value }] })),
    },
  }),
}

export type Interaction = Record<string, unknown> & { id: string; token: string }

/** An interaction as Discord tells of it, by post or by the Gateway. In guilds the user is inside of a member. */
export function createInteraction(
  world: World,
  bot: FakeBot,
  user: APIUser,
  channel: FakeChannel,
  { type, data, message }: Act,
): Interaction {
  const id = world.ids.next()
  const interaction = {
    id,
    application_id: bot.application.id,
    type,
    token: `interaction-token-${id}`,
    version: 1,
    channel_id: channel.id,
    ...(channel.guildId ? { guild_id: channel.guildId, member: { user, roles: [], permissions: '0' } } : { user }),
    ...(data && { data }),
    ...(message && { message }),
  }
  bot.interactions.set(id, { id, token: interaction.token, channelId: channel.id, expired: false })
  return interaction
}

/** A post as Discord signs it. */
export function signed(bot: FakeBot, body: unknown, timestamp: string): { headers: Record<string, string>; raw: string } {
  const raw = JSON.stringify(body)
  const signature = sign(null, Buffer.from(timestamp + raw), bot.privateKey).toString('hex')
  return {
    raw,
    headers: { 'Content-Type': 'application/json', 'X-Signature-Ed25519': signature, 'X-Signature-Timestamp': timestamp },
  }
}
