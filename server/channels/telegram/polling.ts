import type { Api } from 'grammy'
import { RelayError } from '#protocol/errors.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { backoff } from '../backoff.ts'
import { pause } from '../pause.ts'
import type { ChannelHost, Connection } from '../port.ts'
import { LONG_POLL_SECONDS, signalFor } from './client.ts'
import { connectedStatus, parseUpdate, type Receive } from './receive.ts'
import { reportTrouble } from './recovery.ts'
import { UPDATE_KINDS } from './update.ts'

/** Position under which the offset is committed with each message. relay:TG3 */
export const OFFSET = 'telegram.offset'
/** A server that ignores the long poll's timeout must not be asked in a tight loop. */
const EMPTY_ANSWER_AFTER_MS = 500
/** Attempts at one update that fails for a reason of its own; a full disk is not one. */
const MOST_FAILURES = 5

/** Receives updates by long polling until closed or the token is refused. relay:TG3, TG6, CH11 */
export function startPolling(relay: {
  host: ChannelHost
  channel: ChannelRecord
  api: Api
  receive: Receive
  clock: Clock
  log: Pick<Log, 'warn'>
}): Connection {
  const { host, api, receive, clock, log } = relay
  const { id } = relay.channel
  const stop = new AbortController()
  const wait = backoff()
  const failing = { updateId: 0, times: 0 }

  /** `immediately` asks without waiting for updates, to learn at once whether Telegram answers. */
  async function poll(immediately: boolean): Promise<void> {
    const offset = Number(await host.position(id, OFFSET))
    const askedAt = clock.now()
    const updates = await api.getUpdates(
      { ...(offset && { offset }), timeout: immediately ? 0 : LONG_POLL_SECONDS, allowed_updates: UPDATE_KINDS },
      signalFor(stop.signal),
    )
    wait.reset()
    const channel = host.channel(id)
    if (channel) await host.setStatus(id, connectedStatus(channel))
    for (const update of updates) await take(update)
    const tooQuick = !immediately && updates.length === 0 && clock.now() - askedAt < EMPTY_ANSWER_AFTER_MS
    if (tooQuick) await pause(clock, EMPTY_ANSWER_AFTER_MS, stop.signal)
  }

  async function take(value: unknown): Promise<void> {
    const { id: updateId, update } = parseUpdate(value)
    const channel = host.channel(id)
    if (updateId === undefined || !channel || stop.signal.aborted) return
    const offset = { key: OFFSET, value: String(updateId + 1) }
    if (update && !givenUp(updateId)) {
      await receive(channel, api, update, [offset])
      return
    }
    host.rejected(id, 'a message of Telegram could not be read')
    log.warn({ channelId: id, updateId }, 'An update of Telegram could not be taken in and is skipped.')
    await host.setPosition(id, offset.key, offset.value)
  }

  /** An update that fails again and again must not hold back those behind it forever. */
  function givenUp(updateId: number): boolean {
    failing.times = failing.updateId === updateId ? failing.times + 1 : 0
    failing.updateId = updateId
    return failing.times >= MOST_FAILURES
  }

  async function run(): Promise<void> {
    let webhookGone = false
    let immediately = true
    while (!stop.signal.aborted) {
      try {
        if (!webhookGone) await api.deleteWebhook({ drop_pending_updates: false }, signalFor(stop.signal))
        webhookGone = true
        await poll(immediately)
        immediately = false
      } catch (error) {
        if (stop.signal.aborted) return
        if (error instanceof RelayError) failing.times = 0
        const next = await reportTrouble({ host, log, channelId: id, error, wait })
        if (next.kind === 'giveUp') return
        immediately = next.kind === 'retry'
        webhookGone = next.kind !== 'conflict'
        await pause(clock, next.afterMs, stop.signal)
      }
    }
  }

  const running = run()
  return {
    async close() {
      stop.abort()
      await running
    },
  }
}
