import { RelayError } from '#protocol/errors.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Connection } from '../port.ts'
import { CURSOR, type Cursor } from './cursor.ts'
import type { Health } from './health.ts'
import type { Intake } from './intake.ts'
import { type Listed, listNew } from './listing.ts'
import { createPostponed } from './postponed.ts'
import type { Progress } from './progress.ts'
import type { Resend } from './resend.ts'
import { ProviderTrouble } from './trouble.ts'

/** How often the list of received mail is read when that is how mail arrives. relay:EML7 */
export const POLL_EVERY_MS = 20_000
/** Where events announce mail, the list is only read for what came while the relay was away or the provider had given up on it. */
export const CATCH_UP_EVERY_MS = 60 * 60_000
/** A refused key works again only when somebody acts. relay:CH11 */
const AFTER_REFUSAL_MS = 60 * 60_000
/** How often one call is repeated because the provider asks for a pause, and how long a pause is when it does not say. */
const PAUSES = 5
const DEFAULT_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000
/** Failures in a row after which the provider, not the mail, is the trouble. */
const FAILURES_IN_A_ROW = 3

/** Reads the list of received mail now and then every `everyMs`, until closed. relay:EML7 */
export function startPolling(relay: {
  resend: Resend
  intake: Intake
  progress: Progress
  health: Health
  clock: Clock
  log: Pick<Log, 'warn'>
  everyMs: number
}): Connection {
  const { resend, intake, progress, health, clock, log, everyMs } = relay
  const stop = new AbortController()
  const postponed = createPostponed()
  let cancelNext = () => {}
  let running = run()

  async function run(): Promise<void> {
    const waitMs = await pass().then(
      () => everyMs,
      (error) => recover(error),
    )
    if (stop.signal.aborted) return
    cancelNext = clock.after(waitMs, () => {
      running = run()
    })
  }

  async function pass(): Promise<void> {
    const cursor = await progress.cursor()
    if (!cursor) return
    const { mails, newest } = await listNew({
      cursor,
      page: (after) => patiently(() => resend.received(after)),
      now: clock.now(),
    })
    await health.worked('receiving')
    const complete = await takeAll(cursor, mails)
    if (stop.signal.aborted) return
    cursor.completeUpTo(Math.min(newest, complete))
    await progress.keep(cursor)
  }

  /** Takes what is for us, oldest first. The result is the time up to which nothing is left to do. */
  async function takeAll(cursor: Cursor, mails: readonly Listed[]): Promise<number> {
    let complete = Number.POSITIVE_INFINITY
    let failures = 0
    for (const mail of mails) {
      if (stop.signal.aborted || cursor.has(mail.mailId) || !intake.concerns(mail.recipients)) continue
      if (postponed.isWaiting(mail.mailId, clock.now())) {
        complete = Math.min(complete, mail.at)
        continue
      }
      try {
        await take(cursor, mail)
        failures = 0
      } catch (error) {
        if (concernsAll(error)) throw error
        if (postponed.failed(mail.mailId, clock.now())) complete = Math.min(complete, mail.at)
        else giveUp(cursor, mail)
        if (!(error instanceof ProviderTrouble)) warn(error)
        else if (++failures === FAILURES_IN_A_ROW) throw error
      }
    }
    return complete
  }

  async function take(cursor: Cursor, { mailId, at, recipients }: Listed): Promise<void> {
    const position = { key: CURSOR, value: cursor.with(mailId, at) }
    await patiently(() => intake.take({ mailId, recipients }, position))
    cursor.note(mailId, at)
    postponed.taken(mailId)
  }

  function giveUp(cursor: Cursor, { mailId, at, recipients }: Listed): void {
    cursor.note(mailId, at)
    intake.lost(recipients)
    log.warn({ mailId }, 'The provider could not hand over a mail for a day. It was given up.')
  }

  /** Repeats a call as often as the provider only asks for a pause. */
  async function patiently<T>(call: () => Promise<T>): Promise<T> {
    for (let pauses = 0; ; pauses++) {
      try {
        return await call()
      } catch (error) {
        if (!(error instanceof ProviderTrouble) || error.trouble.kind !== 'tooFast' || pauses === PAUSES) throw error
        await pause(Math.min(error.trouble.retryAfterMs ?? DEFAULT_PAUSE_MS, LONGEST_PAUSE_MS))
      }
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (stop.signal.aborted) return resolve()
      const cancel = clock.after(ms, resolve)
      const wake = () => {
        cancel()
        resolve()
      }
      stop.signal.addEventListener('abort', wake, { once: true })
    })
  }

  /** Tells what is wrong; the result is how long to wait. Never throws. */
  async function recover(error: unknown): Promise<number> {
    if (stop.signal.aborted) return everyMs
    if (!(error instanceof ProviderTrouble)) {
      warn(error)
      return POLL_EVERY_MS
    }
    await health.failed('receiving', error).catch(() => log.warn({}, 'The status of the e-mail channels could not be stored.'))
    return concernsKey(error) ? AFTER_REFUSAL_MS : POLL_EVERY_MS
  }

  /** Only the name: the text of an unforeseen error could quote the mail. */
  function warn(error: unknown): void {
    log.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'Received mail could not be taken in.')
  }

  return {
    async close(): Promise<void> {
      stop.abort()
      cancelNext()
      await running
    },
  }
}

function concernsKey({ trouble }: ProviderTrouble): boolean {
  return trouble.kind === 'unauthorised' || trouble.kind === 'restricted'
}

/** Trouble that every other mail would meet too. Whatever else goes wrong with one mail must hold up no other. */
function concernsAll(error: unknown): boolean {
  if (error instanceof ProviderTrouble) return concernsKey(error) || error.trouble.kind === 'tooFast'
  return error instanceof RelayError && error.code === 'storage_unavailable'
}
