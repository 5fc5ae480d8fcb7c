import '../platform/noEval.ts'
import type { browser } from 'wxt/browser'
import { tidyApprovals } from '../approvals/tidy.ts'
import { createChannelChores } from '../channels/choreHandlers.ts'
import { channelChoreMessages } from '../channels/messages.ts'
import { type Database, openDatabase } from '../database/open.ts'
import { createAddressBar } from '../inbox/addressBar.ts'
import { createChoreHandlers } from '../inbox/choreHandlers.ts'
import { tidy } from '../inbox/housekeeping.ts'
import { endSnoozes } from '../inbox/marking.ts'
import { addressBarMessages, choreMessages } from '../inbox/messages.ts'
import { createSchedule } from '../inbox/schedule.ts'
import { createIndexing } from '../inbox/search/indexing.ts'
import { call } from '../messaging/call.ts'
import { type Changes, createChanges } from '../messaging/changes.ts'
import type { Caller } from '../messaging/define.ts'
import { answer, serve } from '../messaging/serve.ts'
import { systemTimers, type Timers } from '../platform/timers.ts'
import { arrivalMessages } from '../relay/socketMessages.ts'
import { createHeldNotices } from './heldNotices.ts'
import { readKeepMessages } from './settings.ts'

/** Tidying reads whole indexes: once an hour is enough. */
const TIDY_EVERY_MS = 60 * 60_000
const TIDIED_KEY = 'tidiedAt'
/** A burst of changes is one run. Milliseconds. */
const INDEX_AFTER_MS = 500
/** How late a snooze may end. Milliseconds. */
const SNOOZES_EVERY_MS = 60_000

/** What nobody waits for, in the offscreen document, which outlives the worker, by a script of its own, which need not be there at its start. */
export async function startChores({ runtime }: Pick<typeof browser, 'runtime'>): Promise<void> {
  const worker = call(arrivalMessages, (envelope) => runtime.sendMessage(envelope))
  const db = await openDatabase()
  const changes = createChanges()
  createChores({ db, worker, changes, timers: systemTimers })
  const handlers = createChoreHandlers({
    db,
    tell: changes.tell,
    onRemoved: (profileId, conversationId) => void worker.removed({ profileId, conversationId }).catch(() => undefined),
  })
  const addressBar = createAddressBar({ db, now: systemTimers.now, tell: changes.tell })
  const served = [
    serve(choreMessages, handlers),
    serve(channelChoreMessages, createChannelChores({ db, tell: changes.tell })),
    serve(addressBarMessages, addressBar),
  ]
  runtime.onMessage.addListener(answer('chores', runtime.id, served))
}

type Needs = {
  db: Database
  worker: Pick<Caller<typeof arrivalMessages.table>, 'arrived'>
  changes: Pick<Changes, 'listen' | 'tell'>
  timers: Timers
}

/**
 * Brings the index of words up to date after every change, lets scheduled replies go, ends snoozes each minute and tidies once an hour.
 * client:SRC5, SCH2, SNZ2, CAT5, CDD7, CDD11, APR15
 */
export function createChores({ db, worker, changes, timers }: Needs) {
  const indexing = createIndexing({ db })
  const held = createHeldNotices({ db, worker, timers })
  const schedule = createSchedule({ db, timers, changes })
  let indexSoon: (() => void) | undefined
  let tidyLater: (() => void) | undefined
  let snoozesLater: (() => void) | undefined

  function index(): void {
    // A change that comes while it runs makes it run once more.
    indexSoon ??= timers.after(INDEX_AFTER_MS, () => {
      indexSoon = undefined
      indexing().catch(() => undefined)
    })
  }

  async function tidyUp(): Promise<void> {
    const now = timers.now()
    const last = (await db.get('settings', TIDIED_KEY))?.value
    const since = typeof last === 'number' ? now - last : TIDY_EVERY_MS
    if (since >= TIDY_EVERY_MS || since < 0) {
      await db.put('settings', { key: TIDIED_KEY, value: now })
      await tidy(db, { now, keepMessages: await readKeepMessages(db) })
      await tidyApprovals(db, now)
      index()
    }
  }

  function tidyHourly(): void {
    const again = (): void => {
      tidyLater = timers.after(TIDY_EVERY_MS, tidyHourly)
    }
    // What fails now, such as on a full disk, is tried again in an hour.
    tidyUp().then(again, again)
  }

  /** What came back is told like what has just come, so that nobody is disturbed by it who does not want to be. */
  async function tellReturned(): Promise<void> {
    for (const { profileId, conversationId, messageId } of await endSnoozes(db, timers.now())) {
      changes.tell({ topic: 'messages', profileId, conversationId })
      // A worker that cannot be reached has the badge of its next wake.
      await held.arrived({ profileId, messages: [{ id: messageId, conversationId }], bulk: false }).catch(() => undefined)
    }
  }

  function endSnoozesByMinute(): void {
    const again = (): void => {
      snoozesLater = timers.after(SNOOZES_EVERY_MS, endSnoozesByMinute)
    }
    tellReturned().then(again, again)
  }

  const stopListening = changes.listen(({ topic }) => {
    if (topic === 'messages' || topic === 'replies') index()
  })
  index()
  tidyHourly()
  endSnoozesByMinute()

  return {
    async close(): Promise<void> {
      stopListening()
      indexSoon?.()
      tidyLater?.()
      snoozesLater?.()
      held.close()
      await schedule.close()
    },
  }
}
