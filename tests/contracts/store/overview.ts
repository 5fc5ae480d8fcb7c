import { describe, expect, it } from 'vitest'
import { addSession, enqueueStored, newReply, restart, type StoreEngine, T0 } from './engine.ts'

export function overviewContract(engine: StoreEngine): void {
  describe(`${engine.name}: overview`, () => {
    it('relay:MET2 counts sessions and what waits in the outbox, and tells its size', async () => {
      const opened = await engine.open()
      try {
        expect(await opened.store.maintenance.overview()).toMatchObject({ sessions: 0, queuedReplies: 0 })
        const [user] = [await addSession(opened.store), await addSession(opened.store)]
        const reply = await enqueueStored(opened.store, newReply(user ?? ''))
        await enqueueStored(opened.store, newReply(user ?? '', { target: 'bert' }))
        await enqueueStored(opened.store, newReply(user ?? '', { state: 'sent' }))
        await opened.store.replies.claimDue(T0, 1)
        await opened.store.replies.settle(reply.responseId, { state: 'failed', reason: 'no' }, T0)
        await restart(opened)
        if (!engine.durable) return
        const overview = await opened.store.maintenance.overview()
        expect(overview).toEqual({ sessions: 2, queuedReplies: 1, bytes: expect.any(Number) })
        expect(overview.bytes).toBeGreaterThan(4096)
      } finally {
        await opened.close()
      }
    })
  })
}
