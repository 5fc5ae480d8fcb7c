import { type MessagesAnswer, messagesAnswerSchema } from '#protocol/http.ts'
import { PAGE_MAX } from '#protocol/limits.ts'
import { Failure } from '../messaging/failure.ts'
import type { Cursor } from '../profiles/model.ts'
import type { RelayClient } from './http.ts'

/** Where pages go: the inbox's intake. */
export type PageSink = {
  cursor(): Promise<Cursor | undefined>
  page(answer: MessagesAnswer, from: Cursor | undefined): Promise<{ received: number; next: 'reset' | 'more' | 'done' }>
}

/** How often one poll may be sent back to the start before it is the relay that is broken. */
const RESETS = 3

/**
 * Fetches what waits on the relay, page by page from the cursor, until nothing is left (client:SOC10). One poll at a time: a second call
 * while one runs gets its result. `onPage` tells how many messages are still to come.
 */
export function createPoll({ client, profileId, sink }: { client: RelayClient; profileId: string; sink: PageSink }) {
  let running: Promise<number> | undefined
  const listeners = new Set<(behind: number) => void>()

  async function run(): Promise<number> {
    let received = 0
    let limit = PAGE_MAX
    for (let resets = 0; resets <= RESETS; ) {
      const cursor = await sink.cursor()
      const answer = await ask(cursor, limit)
      if (answer === 'too_large') {
        limit = Math.max(1, Math.floor(limit / 5))
        continue
      }
      const page = await sink.page(answer, cursor)
      received += page.received
      if (page.next === 'done') return received
      if (page.next === 'reset') resets++
      else for (const listener of listeners) listener(Math.max(0, answer.head - answer.nextAfter))
    }
    throw new Failure('bad_answer', 'The relay starts its list of messages over and over. Update the relay.')
  }

  async function ask(cursor: Cursor | undefined, limit: number): Promise<MessagesAnswer | 'too_large'> {
    const query = new URLSearchParams({ after: String(cursor?.seq ?? 0), limit: String(limit) })
    if (cursor) query.set('epoch', cursor.epoch)
    try {
      return await client.ask(profileId, { method: 'GET', target: `/messages?${query}`, retry: false }, messagesAnswerSchema)
    } catch (error) {
      if (error instanceof Failure && error.code === 'answer_too_large' && limit > 1) return 'too_large'
      throw error
    }
  }

  return {
    run(onPage: (behind: number) => void = () => undefined): Promise<number> {
      listeners.add(onPage)
      running ??= run().finally(() => {
        running = undefined
        listeners.clear()
      })
      return running
    },
    /** Resolves when no poll runs any more. */
    settled: async (): Promise<void> => {
      await running?.catch(() => undefined)
    },
  }
}
