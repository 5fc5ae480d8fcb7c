import { InteractionResponseType, InteractionType, MessageFlags } from 'discord-api-types/v10'
import type { ChannelRecord } from '../../store/records.ts'
import type { Pairing } from '../pairing.ts'
import type { ChannelHost } from '../port.ts'
import { createSerially } from '../serially.ts'
import { type DiscordInteraction, readInteraction } from './interaction.ts'
import type { InteractionTokens } from './interactionTokens.ts'
import type { Positions } from './receive.ts'

/** What is answered to an interaction at once. */
export type InteractionAnswer = { type: number; data?: { content?: string; flags?: number; choices?: never[] } }

const REFUSED =
  'You are not authorised to use this bot. If it is yours, make a pairing code in the browser extension and send it to the bot in a direct message.'
const NOTHING = 'This bot does not know what to do with that.'

export type Interact = ReturnType<typeof createInteract>

/**
 * Takes in one interaction, posted by Discord or from the Gateway: stored, or refused to the eyes of its user only. Resolves after the commit.
 * relay:DC6
 */
export function createInteract(relay: { host: ChannelHost; pairing: Pairing; tokens: InteractionTokens }) {
  const { host, pairing, tokens } = relay
  const serially = createSerially()

  return async function interact(
    channel: ChannelRecord,
    interaction: DiscordInteraction,
    positions: Positions,
  ): Promise<InteractionAnswer> {
    const { type } = interaction
    if (type === InteractionType.Ping) return { type: InteractionResponseType.Pong }
    if (type === InteractionType.ApplicationCommandAutocomplete)
      return { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices: [] } }
    const received = readInteraction(interaction)
    if (!received) return toUserOnly(NOTHING)
    const { senderId, chatId, text } = received
    // Never private: a refusal here has its own way, and a command is no pairing code.
    const admission = await pairing.admit(channel.id, { id: senderId, chat: chatId, private: false, text })
    if (!admission.admitted) return toUserOnly(REFUSED)
    await serially(channel.id, async () => {
      const token = await tokens.with(channel.id, interaction)
      await host.ingest(channel, { ...received.inbound, positions: [...positions, token] })
    })
    const deferred =
      type === InteractionType.MessageComponent
        ? InteractionResponseType.DeferredMessageUpdate
        : InteractionResponseType.DeferredChannelMessageWithSource
    return { type: deferred }
  }
}

function toUserOnly(content: string): InteractionAnswer {
  return { type: InteractionResponseType.ChannelMessageWithSource, data: { content, flags: MessageFlags.Ephemeral } }
}
