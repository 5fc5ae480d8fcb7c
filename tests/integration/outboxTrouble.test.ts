import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openOutbox } from '../support/outbox.ts'

describe('outbox and a store in trouble', () => {
  it('relay:REP9 what a platform took is written down when the store is back, not sent again', async () => {
    let full = false
    const trouble = await openOutbox({
      beforeCommit() {
        if (full) throw Object.assign(new Error('disk full'), { errcode: 13 })
      },
    })
    await trouble.addChannel('chat')
    await trouble.hear('chat', 'anna')
    trouble.outbox.start()
    trouble.obey(() => {
      full = true
      return 'p'
    })
    const { responseId } = await trouble.accept({ channelId: 'chat', content: 'x' })
    await trouble.until(() => trouble.sent.length === 1)
    for (let i = 0; i < 5; i++) await trouble.clock.advance(1000)
    expect(trouble.frames).toEqual([])
    full = false
    await trouble.clock.advance(1000)
    expect(await trouble.status(responseId, 'sent')).toMatchObject({ platformMessageId: 'p' })
    expect(trouble.sent).toHaveLength(1)
    await trouble.close()
  })

  it('relay:REP6 relay:REP9 replies that were queued or on their way when the relay ended are sent after the next start', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'chaos-outbox-'))
    const path = join(directory, 'relay.db')
    const first = await openOutbox({ path })
    await first.addChannel('chat')
    await first.hear('chat', 'anna')
    first.outbox.start()
    first.obey((_, text) => (text === 'one' ? 'p1' : new Promise<string>(() => {})))
    const { responseId } = await first.accept({ channelId: 'chat', content: 'one|two' })
    const later = await first.accept({ channelId: 'chat', content: 'three' })
    await first.until(() => first.sent.length === 2)
    const closing = first.outbox.close()
    await first.clock.advance(5000)
    await closing
    await first.store.close()
    const second = await openOutbox({ path })
    await second.addChannel('chat')
    second.outbox.start()
    expect(await second.status(responseId, 'sent')).toMatchObject({ reason: /may have arrived twice/ })
    expect(await second.status(later.responseId, 'sent')).not.toHaveProperty('reason')
    expect(second.sent.map(({ text }) => text)).toEqual(['two', 'three'])
    await second.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('relay:GEN8 closing waits for what is on its way, and stores that it arrived', async () => {
    const closing = await openOutbox()
    await closing.addChannel('chat')
    await closing.hear('chat', 'anna')
    closing.outbox.start()
    let release = () => {}
    closing.obey(async () => {
      await new Promise<void>((resolve) => (release = resolve))
      return 'p'
    })
    const { responseId } = await closing.accept({ channelId: 'chat', content: 'x' })
    await closing.until(() => closing.sent.length === 1)
    const closed = closing.outbox.close()
    release()
    await closed
    expect(await closing.store.replies.byId(closing.user.userId, responseId)).toMatchObject({ state: 'sent' })
    expect(closing.clock.waiting()).toBe(0)
    await closing.store.close()
  })
})
