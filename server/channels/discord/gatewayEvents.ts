import type { API } from '@discordjs/core/http-only'
import { GatewayDispatchEvents, type GatewayDispatchPayload } from 'discord-api-types/v10'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { ChannelHost } from '../port.ts'
import { fillGap } from './gap.ts'
import { type GatewaySession, readSession, SESSION, sessionPosition } from './gatewaySession.ts'
import { type Inlet, Postponed } from './inlet.ts'
import type { Interact } from './interact.ts'
import { interactionSchema } from './interaction.ts'
import { lastReadPosition } from './lastRead.ts'
import { messageSchema } from './message.ts'
import type { Positions, Receive } from './receive.ts'
import { isTrouble, readTrouble } from './trouble.ts'
import { tellTyping } from './typing.ts'

/** When everything written before had been taken in, epoch milliseconds. */
const COMPLETE = 'discord.complete'
/** Our clock and Discord's may differ by this much, ms. It matters only where nothing was read before, so nothing is taken in twice. */
const CLOCK_DOUBT_MS = 5 * 60_000
/** Discord waits three seconds for the answer to an interaction. */
const ANSWER_TIMEOUT_MS = 3_000

export type GatewayEvents = ReturnType<typeof createGatewayEvents>

/** What the Gateway sends, as tasks for the inlet: each committed together with the place where it stands. relay:DC5, DUR4 */
export function createGatewayEvents(relay: {
  host: ChannelHost
  channelId: string
  inlet: Inlet
  receive: Receive
  interact: Interact
  clientOf(channel: ChannelRecord): Promise<API | undefined>
  clock: Clock
  log: Pick<Log, 'warn'>
  signal: AbortSignal
}) {
  const { host, channelId, inlet, receive, interact, clientOf, clock, log, signal } = relay
  /** Messages that came from the history: the Gateway tells of the newest of them too. */
  const taken = new Set<string>()

  /** A session that is not the one before: what was written in between is fetched, before anything that comes after it. */
  function began(session: GatewaySession): void {
    const settle = () => commit([sessionPosition(session), { key: COMPLETE, value: String(clock.now()) }])
    const take = async () => {
      const since = await host.position(channelId, COMPLETE)
      if (since !== undefined) await fill(Number(since) - CLOCK_DOUBT_MS)
      await settle()
    }
    inlet.put({ take, skip: settle })
  }

  async function fill(since: number): Promise<void> {
    const channel = host.channel(channelId)
    const api = channel && (await clientOf(channel))
    if (!channel || !api) return
    taken.clear()
    try {
      await fillGap({ host, channel, api, receive, since, now: clock.now(), taken, signal })
    } catch (error) {
      if (signal.aborted) throw new Postponed(0)
      if (!isTrouble(error)) throw error
      const trouble = readTrouble(error)
      log.warn({ channelId, trouble: trouble.kind }, 'Messages that were missed could not be fetched from Discord yet.')
      throw new Postponed(trouble.kind === 'tooFast' ? trouble.retryAfterMs : 0)
    }
  }

  /** `session` as it is once the event is committed. */
  function event(dispatch: GatewayDispatchPayload, session: GatewaySession): void {
    if (dispatch.t === GatewayDispatchEvents.TypingStart) {
      // What is over in seconds is not worth a try again.
      void tellTyping(host, channelId, dispatch.d).catch(() => undefined)
      return
    }
    const position = sessionPosition(session)
    const reader = readerOf(dispatch, [position])
    if (!reader) return
    const skip = async () => {
      host.rejected(channelId, 'a message of Discord could not be read')
      await commit([position])
    }
    inlet.put({ take: async () => ((await isCommitted(session)) ? undefined : reader()), skip })
  }

  /** Discord may send again what it sent before a line was cut. */
  async function isCommitted({ sessionId, sequence }: GatewaySession): Promise<boolean> {
    const committed = readSession(await host.position(channelId, SESSION))
    return committed?.sessionId === sessionId && committed.sequence >= sequence
  }

  /** Undefined for events that are of no interest here. */
  function readerOf({ t, d }: GatewayDispatchPayload, positions: Positions): (() => Promise<void>) | undefined {
    switch (t) {
      case GatewayDispatchEvents.MessageCreate:
        return () => message(d, false, positions)
      case GatewayDispatchEvents.MessageUpdate:
        return () => message(d, true, positions)
      case GatewayDispatchEvents.InteractionCreate:
        return () => interaction(d, positions)
      default:
        return undefined
    }
  }

  async function commit(positions: Positions): Promise<void> {
    await Promise.all(positions.map(({ key, value }) => host.setPosition(channelId, key, value)))
  }

  async function message(data: unknown, edited: boolean, positions: Positions): Promise<void> {
    const channel = host.channel(channelId)
    const parsed = messageSchema.safeParse(data)
    if (!channel) return
    if (!parsed.success || (!edited && taken.has(parsed.data.id))) {
      if (!parsed.success) host.rejected(channelId, 'a message of Discord could not be read')
      await commit(positions)
      return
    }
    const last = edited ? [] : [await lastReadPosition(host, channelId, parsed.data)]
    await receive(channel, { message: parsed.data, edited }, [...positions, ...last])
  }

  async function interaction(data: unknown, positions: Positions): Promise<void> {
    const channel = host.channel(channelId)
    const parsed = interactionSchema.safeParse(data)
    if (!channel) return
    const answer = parsed.success && (await interact(channel, parsed.data, positions))
    await commit(positions)
    if (parsed.success && answer) await respond(channel, parsed.data, answer)
  }

  async function respond(channel: ChannelRecord, { id, token }: { id: string; token: string }, body: object): Promise<void> {
    try {
      const api = await clientOf(channel)
      const request = { body, auth: false, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }
      await api?.rest.post(`/interactions/${id}/${token}/callback`, request)
    } catch {
      log.warn({ channelId }, 'Discord did not take the answer to an interaction.')
    }
  }

  return { began, event }
}
