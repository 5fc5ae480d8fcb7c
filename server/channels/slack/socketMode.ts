import { RelayError } from '#protocol/errors.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { backoff } from '../backoff.ts'
import { pause } from '../pause.ts'
import type { ChannelHost, Connection } from '../port.ts'
import { createCatchUp, type Missing } from './catchUp.ts'
import type { SlackClients } from './client.ts'
import { readCallback } from './event.ts'
import type { ReadUpTo } from './lastRead.ts'
import type { Receive } from './receive.ts'
import { ConnectionTrouble, reportTrouble } from './recovery.ts'
import { type Envelope, openSocket, type Socket } from './socket.ts'
import { connectedStatus } from './status.ts'

/** A connection that held this long was a good one, ms. Slack renews them about once an hour. */
const GOOD_AFTER_MS = 60_000
/** Until somebody switches Socket Mode on again, ms. */
const SWITCHED_OFF_RETRY_MS = 5 * 60_000
const SWITCHED_OFF =
  'Socket Mode is switched off for this app. Switch it on under "Socket Mode" in its settings; the relay looks again every few minutes.'

/** Receives events by Socket Mode until closed or a token is refused. relay:SL2, DUR4, CH11 */
export function startSocketMode(relay: {
  host: ChannelHost
  channelId: string
  appToken: string
  clients: SlackClients
  receive: Receive
  missing: Missing
  clock: Clock
  log: Pick<Log, 'warn'>
}): Connection {
  const { host, channelId, appToken, clients, receive, missing, clock, log } = relay
  const stop = new AbortController()
  const wait = backoff()
  const catchUp = createCatchUp({ host, channelId, clients, missing, receive, clock, log, signal: stop.signal })
  /** Events are taken in one after the other: what was written first is stored first. */
  let last = Promise.resolve()
  let current: Socket | undefined
  let token: 'bot' | 'app' = 'bot'
  /** False when there was a time without a connection. */
  let connected = false

  function onEnvelope(envelope: Envelope): void {
    last = last.then(() => take(envelope))
  }

  /** Confirmed is what is safe, and what no repeat would make readable. All else Slack sends again. */
  async function take({ payload, confirm }: Envelope): Promise<void> {
    const channel = host.channel(channelId)
    if (!channel || stop.signal.aborted) return
    const callback = readCallback(payload)
    try {
      if (callback) await receive(channel, callback)
      else host.rejected(channelId, 'an event of Slack could not be read')
      await confirm()
    } catch (error) {
      // Only the code or the name: the text of an unforeseen error could quote the message.
      const reason = error instanceof RelayError ? error.code : error instanceof Error ? error.name : 'unknown'
      log.warn({ channelId, reason }, 'An event of Slack could not be taken in; it is not confirmed.')
    }
  }

  /** What was missed comes before everything by the new connection, which would hide what is missing. */
  function missedBefore(connecting: Promise<Socket>, since: ReadUpTo): void {
    const works = connecting.then(
      () => true,
      () => false,
    )
    last = last.then(async () => {
      if (await works) await catchUp(since)
    })
  }

  async function connect(): Promise<Socket> {
    token = 'bot'
    const channel = host.channel(channelId)
    if (channel) await clients.of(channel)?.auth.test()
    token = 'app'
    return openSocket({ appToken, options: clients.options, onEnvelope, clock, signal: stop.signal })
  }

  /** Until the connection ends. The one before stays open until the next one works, so that no event finds no one. */
  async function hold(): Promise<void> {
    const since = connected ? undefined : await missing.lastRead.all(channelId)
    const connecting = connect()
    if (since) missedBefore(connecting, since)
    const next = await connecting
    const before = current
    current = next
    connected = true
    await before?.close()
    const openedAt = clock.now()
    const channel = host.channel(channelId)
    if (channel) await host.setStatus(channelId, connectedStatus(channel))
    const end = await Promise.race([next.ended, aborted(stop.signal)])
    connected = end === 'refresh'
    if (end === 'switched_off')
      throw new ConnectionTrouble(SWITCHED_OFF, { state: 'degraded', retryAfterMs: SWITCHED_OFF_RETRY_MS })
    if (clock.now() - openedAt >= GOOD_AFTER_MS) wait.reset()
    else if (end !== undefined) await pause(clock, wait.next(), stop.signal)
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        await hold()
      } catch (error) {
        connected = false
        if (stop.signal.aborted) break
        const afterMs = await reportTrouble({ host, log, channelId, error, token, wait })
        if (afterMs === undefined) break
        await pause(clock, afterMs, stop.signal)
      }
    }
    await current?.close()
  }

  const running = run()
  return {
    async close() {
      stop.abort()
      await running
      await last
    },
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
