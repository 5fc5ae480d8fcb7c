import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTelegramRelay, type TelegramRelay } from '../fakes/telegram/relay.ts'

let at: TelegramRelay
beforeEach(async () => {
  at = await startTelegramRelay()
})
afterEach(() => at.close())

/** A paired channel with one message in it, and the socket that got it. */
async function conversation() {
  const { user, channelId } = await at.paired()
  const { next, socket } = await at.inbox()
  user.send('hello')
  await next()
  /** The status of a reply once it is no longer queued. */
  async function settled(responseId: string) {
    for (;;) {
      const status = await socket.nextOf('reply_status')
      if (status.responseId === responseId && status.state !== 'queued') return status
    }
  }
  return { channelId, settled }
}

describe('replies through the fake Telegram', () => {
  it('relay:REP9 a reply whose answer was lost arrives twice and says so; one that never left arrives once and does not', async () => {
    const { channelId, settled } = await conversation()
    at.telegram.faults.next('sendMessage', { kind: 'dropAfterAccept' })
    const { json } = await at.client.post('/reply', { channelId, content: 'twice' })
    expect(await settled(json.responseId)).toMatchObject({ state: 'sent', attempts: 2, reason: /may have arrived twice/ })
    at.telegram.faults.next('sendMessage', { kind: 'refuse', code: 429, description: 'Too Many Requests', retryAfter: 1 })
    const once = await at.client.post('/reply', { channelId, content: 'once' })
    expect(await settled(once.json.responseId)).not.toHaveProperty('reason')
    expect(at.telegram.sent.map((message) => ('text' in message ? message.text : '')).slice(1)).toEqual(['twice', 'twice', 'once'])
  })

  it('relay:TYP1 shows typing in the chat that wrote last, and a refusing Telegram is no error', async () => {
    const { channelId } = await conversation()
    expect(await at.client.post('/typing', { channelId })).toMatchObject({ status: 200, json: { ok: true } })
    expect(at.telegram.bot.actions.all).toHaveLength(1)
    at.telegram.faults.next('sendChatAction', { kind: 'refuse', code: 400, description: 'Bad Request' })
    expect(await at.client.post('/typing', { channelId })).toMatchObject({ status: 200, json: { ok: true } })
  })
})
