import type { APIMessage } from 'discord-api-types/v10'
import { post } from './channelRoutes.ts'
import type { FakeBot, FakeChannel, FakeInteraction } from './model.ts'
import { Refusal, unknownChannel } from './refusal.ts'
import type { OpenCall, OpenRoutes } from './routes.ts'

/** Answers to interactions, by their own token. */
export const interactionRoutes = {
  'POST /interactions/:interactionId/:token/callback': ({ world, params, body }) => {
    const { bot } = interactionOf(world.bots, ({ id, token }) => id === params.interactionId && token === params.token, 10062)
    bot.callbacks.put({ interactionId: params.interactionId ?? '', body: body as { type: number } })
  },

  'POST /webhooks/:applicationId/:token': (call): APIMessage => {
    const { bot, channel } = webhookOf(call)
    return post(call, bot, channel, 'interaction')
  },
} satisfies OpenRoutes

function webhookOf({ world, params }: OpenCall): { bot: FakeBot; channel: FakeChannel } {
  const bots = world.bots.filter(({ application }) => application.id === params.applicationId)
  const { bot, interaction } = interactionOf(bots, ({ token }) => token === params.token, 10015)
  if (interaction.expired) throw new Refusal(401, 50027, 'Invalid Webhook Token')
  const channel = world.channels.get(interaction.channelId)
  if (!channel) throw unknownChannel()
  return { bot, channel }
}

function interactionOf(bots: FakeBot[], matches: (interaction: FakeInteraction) => boolean, code: number) {
  for (const bot of bots) {
    for (const interaction of bot.interactions.values()) if (matches(interaction)) return { bot, interaction }
  }
  throw new Refusal(404, code, code === 10062 ? 'Unknown interaction' : 'Unknown Webhook')
}
