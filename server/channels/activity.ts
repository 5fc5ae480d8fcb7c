import * as z from 'zod/mini'
import type { ChannelStatus } from '#protocol/channel.ts'
import type { Clock } from '../clock.ts'
import { oneLine } from '../inbox/sanitise.ts'
import type { Log } from '../log.ts'
import type { ChannelStore } from '../store/port.ts'

/** Where the store keeps it: among the channel's positions, which go with the channel. */
const POSITION = 'activity'
/** Counters are written this long after they changed, ms: losing a minute of counting is nothing, a write per message is not. */
const WRITE_AFTER_MS = 60_000
const MAX_REASON = 200

const seenSchema = z.object({
  lastInboundAt: z.optional(z.number()),
  rejected: z.optional(z.number()),
  lastRejectedReason: z.optional(z.string()),
})
/** Times in epoch milliseconds. */
type Seen = z.infer<typeof seenSchema>

/** What passes through each channel: counted in memory, written now and then. relay §7 (status), PAIR6, EML7 */
export function createActivity({
  store,
  clock,
  log,
}: {
  store: Pick<ChannelStore, 'position' | 'setPosition'>
  clock: Clock
  log: Pick<Log, 'warn'>
}) {
  const seen = new Map<string, Seen>()
  const changed = new Set<string>()
  let cancel: (() => void) | undefined

  function of(id: string): Seen {
    let known = seen.get(id)
    if (!known) {
      known = {}
      seen.set(id, known)
    }
    return known
  }

  function touch(id: string): void {
    changed.add(id)
    cancel ??= clock.after(WRITE_AFTER_MS, () => {
      cancel = undefined
      void writeAll()
    })
  }

  async function writeAll(): Promise<void> {
    const ids = [...changed]
    changed.clear()
    try {
      await Promise.all(ids.map((id) => store.setPosition(id, POSITION, JSON.stringify(of(id)))))
    } catch (error) {
      log.warn({ err: error }, 'channel counters could not be written')
    }
  }

  return {
    /** Reads what was counted before the relay was started. */
    async load(ids: Iterable<string>): Promise<void> {
      for (const id of ids) {
        const stored = readSeen(await store.position(id, POSITION))
        if (stored) seen.set(id, stored)
      }
    },
    inbound(id: string): void {
      of(id).lastInboundAt = clock.now()
      touch(id)
    },
    rejected(id: string, reason: string): void {
      const known = of(id)
      known.rejected = (known.rejected ?? 0) + 1
      known.lastRejectedReason = oneLine(reason, MAX_REASON)
      touch(id)
    },
    /** As ChannelStatus tells it. */
    status(id: string): Pick<ChannelStatus, 'lastInboundAt' | 'rejected' | 'lastRejectedReason'> {
      const { lastInboundAt, ...rest } = seen.get(id) ?? {}
      return { ...rest, ...(lastInboundAt !== undefined && { lastInboundAt: new Date(lastInboundAt).toISOString() }) }
    },
    forget(id: string): void {
      seen.delete(id)
      changed.delete(id)
    },
    async close(): Promise<void> {
      cancel?.()
      await writeAll()
    },
  }
}

/** Counters that cannot be read are counted anew. */
function readSeen(text: string | undefined): Seen | undefined {
  if (text === undefined) return undefined
  try {
    return seenSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
