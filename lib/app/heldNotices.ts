import * as z from 'zod/mini'
import type { Database } from '../database/open.ts'
import { isQuiet } from '../inbox/quiet.ts'
import type { Caller } from '../messaging/define.ts'
import type { Timers } from '../platform/timers.ts'
import type { arrivalMessages } from '../relay/socketMessages.ts'

type Worker = Pick<Caller<typeof arrivalMessages.table>, 'arrived'>
type Arrived = Parameters<Worker['arrived']>[0]

const LOOK_EVERY_MS = 60_000
/** A summary needs no more than this many names. */
const NAMED = 50
const heldKey = (profileId: string): string => `held:${profileId}`
const allHeld = (): IDBKeyRange => IDBKeyRange.bound(heldKey(''), heldKey('\uffff'))
const heldSchema = z.array(z.object({ id: z.string(), conversationId: z.string() }))
const readHeld = (value: unknown): Arrived['messages'] => {
  const held = heldSchema.safeParse(value)
  return held.success ? held.data : []
}

/**
 * Between what comes in and the worker: while nobody is to be disturbed the worker counts, but tells nobody; afterwards it hears of all of it
 * at once, which makes one summary of what is still unread. It is the document that keeps watch, because the worker may sleep. client:DND2
 */
export function createHeldNotices({ db, worker, timers }: { db: Database; worker: Worker; timers: Timers }) {
  let cancel: (() => void) | undefined
  let closed = false

  async function change(key: string, changed: (held: Arrived['messages']) => Arrived['messages']): Promise<void> {
    const transaction = db.transaction('settings', 'readwrite')
    const held = readHeld((await transaction.store.get(key))?.value)
    await transaction.store.put({ key, value: changed(held).slice(-NAMED) })
    await transaction.done
  }

  /** Tells what was held, if it may be told now; else looks again. */
  async function look(): Promise<void> {
    cancel?.()
    cancel = undefined
    if (await isQuiet(db, timers.now())) {
      if ((await db.count('settings', allHeld())) > 0) lookLater()
      return
    }
    for (const { key, value } of await take()) await tell(key, readHeld(value))
  }

  function lookLater(): void {
    if (!closed) cancel ??= timers.after(LOOK_EVERY_MS, () => void look().catch(() => undefined))
  }

  /** A worker that cannot be told now, because it is being replaced for example, is told later. */
  async function tell(key: string, messages: Arrived['messages']): Promise<void> {
    try {
      await worker.arrived({ profileId: key.slice(heldKey('').length), messages, bulk: true })
    } catch {
      await change(key, (held) => [...messages, ...held])
      lookLater()
    }
  }

  /** At once, so that nothing is told twice and nothing that comes meanwhile is lost. */
  async function take() {
    const transaction = db.transaction('settings', 'readwrite')
    const held = await transaction.store.getAll(allHeld())
    await Promise.all(held.map(({ key }) => transaction.store.delete(key)))
    await transaction.done
    return held
  }

  return {
    look: (): Promise<void> => look().catch(() => undefined),
    async arrived(input: Arrived): Promise<void> {
      if (!(await isQuiet(db, timers.now()))) return worker.arrived(input)
      await change(heldKey(input.profileId), (held) => [...held, ...input.messages])
      await look()
      return worker.arrived({ ...input, quiet: true })
    },
    close(): void {
      closed = true
      cancel?.()
    },
  }
}
