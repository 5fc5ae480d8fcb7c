import type { API } from '@discordjs/core/http-only'
import * as z from 'zod'
import type { ChannelRecord } from '../../store/records.ts'
import { allowedUsers } from '../pairing.ts'
import type { ChannelHost } from '../port.ts'
import { findPlaces, type Place, unlessGone } from './gapPlaces.ts'
import { lastReadPosition, readLastRead } from './lastRead.ts'
import { type DiscordMessage, messageSchema } from './message.ts'
import type { Receive } from './receive.ts'
import { byId, laterId, snowflakeAt } from './snowflake.ts'

/** How far back a gap is filled. relay:DUR4 */
const FARTHEST_BACK_MS = 24 * 60 * 60_000
/** As many as one call gives. */
const PAGE = 100

const pageSchema = z.array(z.unknown())

/**
 * Takes in from Discord's history what was written since the last message of each conversation; where nothing was read before, since `since` (epoch
 * milliseconds). What it has taken in is in `taken`: the Gateway tells of it once more. Throws the troubles of Discord; then it can be done again
 * and goes on where it was. relay:DUR4
 */
export async function fillGap(relay: {
  host: ChannelHost
  channel: ChannelRecord
  api: API
  receive: Receive
  since: number
  now: number
  taken: Set<string>
  signal: AbortSignal
}): Promise<void> {
  const { host, channel, api, receive, since, now, taken, signal } = relay
  const farthest = snowflakeAt(now - FARTHEST_BACK_MS)
  const places = await findPlaces(api, {
    read: await readLastRead(host, channel.id),
    people: allowedUsers(channel),
    since: laterId(snowflakeAt(since), farthest),
    signal,
  })
  // In the order in which it was written, also where conversations went side by side.
  for await (const message of mergedById(places.map(history))) await take(message)

  async function* history(place: Place): AsyncGenerator<DiscordMessage> {
    let after = laterId(place.after, farthest)
    for (;;) {
      const page = await unlessGone(async () =>
        pageSchema.parse(await api.channels.getMessages(place.channelId, { after, limit: PAGE }, { signal })),
      )
      const messages = (page ?? []).flatMap((message) => parse(message, place)).sort(byId)
      yield* messages
      after = messages.at(-1)?.id ?? after
      if ((page?.length ?? 0) < PAGE || messages.length === 0) return
    }
  }

  async function take(message: DiscordMessage): Promise<void> {
    signal.throwIfAborted()
    const current = host.channel(channel.id)
    if (!current) return
    taken.add(message.id)
    await receive(current, { message, edited: false }, [await lastReadPosition(host, channel.id, message)])
  }
}

/** What several ordered sources give, in one order. */
async function* mergedById<T extends { id: string }>(sources: AsyncGenerator<T>[]): AsyncGenerator<T> {
  const heads: { message: T; source: AsyncGenerator<T> }[] = []
  const draw = async (source: AsyncGenerator<T>) => {
    const { value, done } = await source.next()
    if (!done) heads.push({ message: value, source })
  }
  for (const source of sources) await draw(source)
  for (;;) {
    const [first] = heads.sort((a, b) => byId(a.message, b.message))
    if (!first) return
    heads.shift()
    yield first.message
    await draw(first.source)
  }
}

/** The history does not tell the guild. */
function parse(message: unknown, { guildId }: Place): DiscordMessage[] {
  const parsed = messageSchema.safeParse(message)
  return parsed.success ? [{ ...parsed.data, guild_id: parsed.data.guild_id ?? guildId }] : []
}
