import type { API } from '@discordjs/core/http-only'
import * as z from 'zod'
import type { LastRead } from './lastRead.ts'
import { isLater } from './snowflake.ts'
import { isTrouble, readTrouble } from './trouble.ts'

/** Where messages may have been missed: those after `after`. */
export type Place = { channelId: string; guildId: string | undefined; after: string }

const guildsSchema = z.array(z.object({ id: z.string() }))
const channelSchema = z.object({ id: z.string(), last_message_id: z.string().nullish() })
const channelsSchema = z.array(channelSchema)
const threadsSchema = z.object({ threads: channelsSchema })

/**
 * The conversations that have something newer than what was read of them; of those never read, what is newer than `since`. `people` may have begun
 * to write directly.
 */
export async function findPlaces(
  api: API,
  { read, people, since, signal }: { read: readonly LastRead[]; people: readonly string[]; since: string; signal: AbortSignal },
): Promise<Place[]> {
  const known = new Map(read.map((last) => [last.channelId, last]))
  const places: Place[] = []
  const listed = new Set<string>()

  function add({ id, last_message_id }: z.infer<typeof channelSchema>, guildId: string | undefined): void {
    listed.add(id)
    const after = known.get(id)?.messageId ?? since
    if (last_message_id && isLater(last_message_id, after)) places.push({ channelId: id, guildId, after })
  }

  for (const { id: guildId } of guildsSchema.parse(await api.users.getGuilds({}, { signal }))) {
    const channels = await unlessGone(async () => channelsSchema.parse(await api.guilds.getChannels(guildId, { signal })))
    const threads = await unlessGone(async () => threadsSchema.parse(await api.guilds.getActiveThreads(guildId, { signal })))
    for (const channel of [...(channels ?? []), ...(threads?.threads ?? [])]) add(channel, guildId)
  }
  for (const person of people) {
    const direct = await unlessGone(async () => channelSchema.parse(await api.users.createDM(person, { signal })))
    if (direct) add(direct, undefined)
  }
  // Direct messages of others, threads that were archived meanwhile.
  for (const { channelId, messageId, guildId } of read) {
    if (!listed.has(channelId)) places.push({ channelId, guildId, after: messageId })
  }
  return places
}

/** Undefined for what the bot may not see, or what is no more. Throws other troubles. */
export async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (isTrouble(error) && readTrouble(error).kind === 'refused') return undefined
    throw error
  }
}
