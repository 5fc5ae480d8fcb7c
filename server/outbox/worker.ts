import type { ChannelAdapter, ChannelHost } from '../channels/port.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Counts, createCounts } from '../metrics/counts.ts'
import type { ReplyRecord, ReplyStore, Store } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'
import { nextAttempt } from './backoff.ts'
import { createDelivery, withDoubt } from './delivery.ts'
import { type Notify, statusFrame } from './status.ts'

/** Replies on their way at once, each of another conversation. */
const MAX_IN_FLIGHT = 64
/** After the store refused, before it is asked again. */
const STORE_RETRY_MS = 1_000
/** What is on its way when the relay stops gets this long; the rest is sent after the next start. */
const CLOSE_WITHIN_MS = 5_000

export type Outbox = ReturnType<typeof createOutbox>

type Parts = {
  store: Pick<Store, 'replies' | 'attachments'>
  adapters: (type: ChannelRecord['type']) => ChannelAdapter | undefined
  host: Pick<ChannelHost, 'channel' | 'setStatus'>
  clock: Clock
  /** 0 to 1, for the spread of retries. */
  random: () => number
  log: Pick<Log, 'warn' | 'error'>
  notify: Notify
  counts?: Pick<Counts, 'replies' | 'retries' | 'providerErrors'>
}

/**
 * Sends queued replies: in order within a conversation, conversations side by side, passing failures again for 24 hours. What is claimed is known in
 * memory only, so after a crash everything queued is taken up again. relay:REP6-REP10
 */
export function createOutbox({ store, adapters, host, clock, random, log, notify, counts = createCounts() }: Parts) {
  const inFlight = new Set<Promise<void>>()
  let state: 'stopped' | 'running' | 'closed' = 'stopped'
  let looking = false
  let lookAgain = false
  let cancelTimer = () => {}
  const deliver = createDelivery({ store, adapters, host, now: clock.now, log, persist, counts })

  /** What a platform has taken must be written down, or it is sent twice: so until the store is back. */
  async function persist(write: () => Promise<unknown>): Promise<void> {
    do {
      try {
        await write()
        return
      } catch (error) {
        log.warn({ err: error }, 'the outcome of a reply could not be stored yet')
        await new Promise<void>((resolve) => clock.after(STORE_RETRY_MS, resolve))
      }
    } while (state !== 'closed')
  }

  function wake(): void {
    lookAgain = true
    if (looking || state !== 'running') return
    looking = true
    void look()
  }

  async function look(): Promise<void> {
    cancelTimer()
    try {
      while (lookAgain && state === 'running') {
        lookAgain = false
        const free = MAX_IN_FLIGHT - inFlight.size
        const claimed = free > 0 ? await store.replies.claimDue(clock.now(), free) : []
        for (const reply of claimed) track(attempt(reply))
      }
      const due = await store.replies.nextDue()
      if (due !== undefined) wakeIn(Math.max(0, due - clock.now()))
    } catch (error) {
      log.warn({ err: error }, 'queued replies could not be read')
      wakeIn(STORE_RETRY_MS)
    } finally {
      looking = false
      if (lookAgain) wake()
    }
  }

  function wakeIn(ms: number): void {
    cancelTimer()
    // At capacity the end of any attempt wakes; a timer would only spin.
    if (state === 'running' && inFlight.size < MAX_IN_FLIGHT) cancelTimer = clock.after(ms, wake)
  }

  function track(attempt: Promise<void>): void {
    const tracked = attempt.finally(() => {
      inFlight.delete(tracked)
      wake()
    })
    inFlight.add(tracked)
  }

  async function attempt(reply: ReplyRecord): Promise<void> {
    const { responseId } = reply
    const outcome = await deliver(reply)
    if (outcome.state !== 'later') return settle(responseId, outcome)
    const { reason, retryAfterMs, uncertain } = outcome
    const attempts = reply.attempts + 1
    const dueAt = nextAttempt(reply, { attempts, retryAfterMs, now: clock.now() }, random)
    if (dueAt === undefined) {
      const last = uncertain ? { uncertain } : reply
      return settle(responseId, { state: 'failed', reason: withDoubt(`Not sent within 24 hours. Last reason: ${reason}`, last) })
    }
    return change(() => store.replies.release(responseId, { attempts, dueAt, reason, uncertain }, clock.now()))
  }

  function settle(responseId: string, outcome: Parameters<ReplyStore['settle']>[1]): Promise<void> {
    return change(() => store.replies.settle(responseId, outcome, clock.now()))
  }

  async function change(write: () => Promise<ReplyRecord | undefined>): Promise<void> {
    await persist(async () => {
      const changed = await write()
      if (!changed) return
      if (changed.state === 'queued') counts.retries.add(changed.channelType)
      else counts.replies.add(changed.channelType, changed.state)
      notify(changed.userId, statusFrame(changed))
    })
  }

  return {
    start(): void {
      state = 'running'
      wake()
    },
    /** Something may be due: a reply was queued, or a channel switched on. */
    wake,
    /** Takes up nothing new and gives what is on its way a moment. */
    async close(): Promise<void> {
      state = 'closed'
      cancelTimer()
      let cancel = () => {}
      const late = new Promise<void>((resolve) => {
        cancel = clock.after(CLOSE_WITHIN_MS, resolve)
      })
      await Promise.race([Promise.all(inFlight), late])
      cancel()
    },
  }
}
