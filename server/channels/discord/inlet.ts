import { RelayError } from '#protocol/errors.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { backoff } from '../backoff.ts'
import { pause } from '../pause.ts'

/** What may wait in memory before it is committed. Beyond, the line is given up: Discord keeps the rest. */
const MOST_WAITING = 2_000
/** Attempts at one event that fails for a reason of its own; a full disk is not one. */
const MOST_FAILURES = 5

/** `skip` is done instead, once `take` has failed for good. */
export type Task = { take(): Promise<void>; skip(): Promise<void> }

export type Inlet = ReturnType<typeof createInlet>

/** Takes in what the Gateway sends, one after the other: nothing is passed over while the store, or Discord's history, cannot be reached. relay:DUR4 */
export function createInlet({ clock, log, channelId }: { clock: Clock; log: Pick<Log, 'warn'>; channelId: string }) {
  const waiting: Task[] = []
  const stop = new AbortController()
  let working: Promise<void> | undefined

  async function work(): Promise<void> {
    for (let task = waiting[0]; task && !stop.signal.aborted; task = waiting[0]) {
      await finish(task)
      waiting.shift()
    }
    working = undefined
  }

  async function finish(task: Task): Promise<void> {
    const wait = backoff()
    let failures = 0
    while (!stop.signal.aborted) {
      try {
        await (failures >= MOST_FAILURES ? task.skip() : task.take())
        return
      } catch (error) {
        const passing = error instanceof RelayError || error instanceof Postponed
        if (!passing) failures += 1
        // Only the name: the text of an unforeseen error could quote the message.
        if (!(error instanceof Postponed))
          log.warn(
            { channelId, error: error instanceof Error ? error.name : 'unknown' },
            'A message of Discord could not be taken in.',
          )
        await pause(clock, Math.max(wait.next(), error instanceof Postponed ? error.afterMs : 0), stop.signal)
      }
    }
  }

  return {
    put(task: Task): void {
      waiting.push(task)
      working ??= work()
    },
    isFull: (): boolean => waiting.length >= MOST_WAITING,
    /** Resolves when everything is committed, or the inlet is closed. */
    async drained(): Promise<void> {
      await working
    },
    /** What is not begun is not done: it is not confirmed either, and comes again. */
    async close(): Promise<void> {
      stop.abort()
      await working
    },
  }
}

/** Not now, for a reason that has been told. */
export class Postponed extends Error {
  readonly afterMs: number
  constructor(afterMs: number) {
    super('postponed')
    this.name = 'Postponed'
    this.afterMs = afterMs
  }
}
