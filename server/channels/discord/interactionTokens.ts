import * as z from 'zod'
import type { ChannelHost } from '../port.ts'

/** Discord takes answers by an interaction's token for 15 minutes; a reply on its way needs a moment of them. relay:DC8 */
const TOKEN_LIFE_MS = 15 * 60_000 - 15_000
/** Interactions of one bot that can be answered at once; beyond, the oldest are answered in the channel. */
const MOST_TOKENS = 200
/** Where they are kept: sealed, in one place that each new one tidies up. */
const TOKENS = 'discord.interactions'

const tokensSchema = z.array(z.object({ id: z.string(), token: z.string(), until: z.number() }))

export type InteractionTokens = ReturnType<typeof createInteractionTokens>

/** The tokens by which interactions are answered. They let anybody speak for the bot, so they are no part of messages. */
export function createInteractionTokens({ host, now }: { host: ChannelHost; now: () => number }) {
  async function live(channelId: string): Promise<z.infer<typeof tokensSchema>> {
    const sealed = await host.position(channelId, TOKENS)
    if (sealed === undefined) return []
    return read(sealed).filter(({ until }) => until > now())
  }

  function read(sealed: string): z.infer<typeof tokensSchema> {
    try {
      return tokensSchema.parse(JSON.parse(host.unseal(sealed)))
    } catch {
      // Sealed with a key that was lost: those interactions are answered in the channel.
      return []
    }
  }

  return {
    /** The position to commit with the interaction. Callers take turns. */
    async with(channelId: string, { id, token }: { id: string; token: string }): Promise<{ key: string; value: string }> {
      const others = (await live(channelId)).filter((known) => known.id !== id)
      const kept = [...others, { id, token, until: now() + TOKEN_LIFE_MS }].slice(-MOST_TOKENS)
      return { key: TOKENS, value: host.seal(JSON.stringify(kept)) }
    },
    async find(channelId: string, interactionId: string): Promise<string | undefined> {
      return (await live(channelId)).find(({ id }) => id === interactionId)?.token
    },
  }
}
