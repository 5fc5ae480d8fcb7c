import * as z from 'zod'
import { createLru } from '../../auth/lru.ts'
import type { Clock } from '../../clock.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { SlackClients } from './client.ts'

/** People remembered at once, over all channels. */
const MAX_REMEMBERED = 2_000
/** Names change rarely; after a failure it is tried again soon. */
const REMEMBERED_MS = 60 * 60_000
const FAILURE_REMEMBERED_MS = 60_000
/** Slack wants each event confirmed within 3 s: a message does not wait longer for a name. */
const PATIENCE_MS = 1_500
/** People looked up for one message. */
const MOST_LOOKUPS = 10

const name = z.string().nullish().catch(undefined)
const userSchema = z.object({
  user: z.object({ name, real_name: name, profile: z.object({ display_name: name, real_name: name }).nullish() }),
})

export type Names = ReturnType<typeof createNames>

/** What people are called in Slack, as far as it can be learnt quickly; the id has to do otherwise. relay:CUR11 */
export function createNames({ clients, clock }: { clients: SlackClients; clock: Clock }) {
  const remembered = createLru<string, { name: Promise<string | undefined>; until: number }>(MAX_REMEMBERED)

  function lookUp(channel: ChannelRecord, id: string): Promise<string | undefined> {
    const key = `${channel.id}|${id}`
    const known = remembered.get(key)
    if (known && known.until > clock.now()) return known.name
    const entry = { name: ask(channel, id), until: clock.now() + REMEMBERED_MS }
    remembered.set(key, entry)
    void entry.name.then((found) => {
      if (found === undefined) entry.until = clock.now() + FAILURE_REMEMBERED_MS
    })
    return entry.name
  }

  async function ask(channel: ChannelRecord, id: string): Promise<string | undefined> {
    try {
      const { data } = userSchema.safeParse(await clients.of(channel)?.users.info({ user: id }))
      const { profile, real_name, name } = data?.user ?? {}
      return profile?.display_name || profile?.real_name || real_name || name || undefined
    } catch {
      return undefined
    }
  }

  return {
    /** Id → name of those whose name is known in time. */
    async of(channel: ChannelRecord, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const found = new Map<string, string>()
      const lookups = ids.slice(0, MOST_LOOKUPS).map(async (id) => {
        const name = await lookUp(channel, id)
        if (name !== undefined) found.set(id, name)
      })
      let cancel = () => {}
      const late = new Promise<void>((resolve) => {
        cancel = clock.after(PATIENCE_MS, resolve)
      })
      await Promise.race([Promise.all(lookups), late])
      cancel()
      return new Map(found)
    },
  }
}
