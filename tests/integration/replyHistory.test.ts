import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type HistoryAnswer, historyAnswerSchema } from '#protocol/http.ts'
import { type WholePastReply, wholePastReplySchema } from '#protocol/message.ts'
import { startTelegramRelay } from '../fakes/telegram/relay.ts'
import type { TestClient } from '../support/client.ts'
import { send } from '../support/http.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { NO_LIMITS } from '../support/webhook.ts'

let relay: TestRelay
let client: TestClient
let id: string
beforeEach(async () => {
  relay = await startRelay({ env: NO_LIMITS })
  client = await relay.client()
  id = (await client.post('/channels', {})).json.channel.id
})
afterEach(() => relay.close())

const reply = (more: object = {}) => client.post('/reply', { channelId: id, content: 'x', ...more })
async function page(query = '', who = client): Promise<HistoryAnswer & { replies: WholePastReply[] }> {
  const { status, json } = await who.get(`/replies${query}`)
  expect(status).toBe(200)
  const answer = historyAnswerSchema.parse(json)
  return { ...answer, replies: answer.replies.map((record) => wholePastReplySchema.parse(record)) }
}
const said = ({ replies }: { replies: WholePastReply[] }) => replies.map(({ content }) => content)

describe('GET /replies', () => {
  it('relay:HIS1 tells what was answered, by whom, to what and with which files; not to others', async () => {
    const file = { filename: 'a.txt', mimeType: 'text/plain', dataBase64: 'aGk=' }
    const metadata = { n: 1 }
    const answer = await reply({ content: 'by hand', by: 'human', clientId: 'c', replyTo: 'm', metadata, attachments: [file] })
    await reply({ content: 'by an agent' })
    const { replies, hasMore } = await page()
    expect(hasMore).toBe(false)
    expect(replies[0]).toEqual({
      responseId: answer.json.responseId,
      clientId: 'c',
      channelId: id,
      channelType: 'webhook',
      conversation: '',
      content: 'by hand',
      by: 'human',
      replyTo: 'm',
      metadata: { n: 1 },
      attachments: [expect.objectContaining({ filename: 'a.txt', mimeType: 'text/plain', size: 2 })],
      state: 'sent',
      attempts: 0,
      createdAt: replies[0]?.updatedAt,
      updatedAt: expect.any(String),
    })
    expect(replies[1]).toMatchObject({ content: 'by an agent', by: 'agent' })
    expect((await page('', await relay.client())).replies).toEqual([])
    expect(await send(relay.url, '/replies')).toMatchObject({ status: 401 })
  })

  it('relay:HIS1 is read on by `next`, in whole pages, and anew under another epoch', async () => {
    for (let n = 0; n < 120; n++) await reply({ content: `${n}` })
    const all: string[] = []
    let { next, epoch } = await page('?limit=1')
    all.push('0')
    for (let more = true; more; ) {
      const found = await page(`?after=${next}&epoch=${epoch}&limit=50`)
      all.push(...said(found))
      more = found.hasMore
      next = found.next
    }
    expect(all).toEqual(Array.from({ length: 120 }, (_, n) => `${n}`))
    expect(await page(`?after=${next}&epoch=${epoch}`)).toMatchObject({ replies: [], next, hasMore: false })
    expect(said(await page(`?after=${next}&epoch=another&limit=2`))).toEqual(['0', '1'])
  })

  it('relay:HIS1 a page of large replies ends early, and nothing is left out', async () => {
    const big = { filler: 'x'.repeat(900_000) }
    for (let n = 0; n < 11; n++) await reply({ content: `${n}`, metadata: big })
    const first = await page('?limit=100')
    expect(first.hasMore).toBe(true)
    expect(first.replies.length).toBeLessThan(11)
    expect([...said(first), ...said(await page(`?after=${first.next}`))]).toEqual(Array.from({ length: 11 }, (_, n) => `${n}`))
  })

  it.each(['?after=x', '?after=-1', '?after=1.5', '?after=99999999999999999'])('relay:HIS1 %s is refused', async (query) => {
    expect(await client.get(`/replies${query}`)).toMatchObject({ status: 400, json: { code: 'invalid_cursor' } })
  })
})

describe('GET /replies of a bot', () => {
  it('relay:HIS1 names the conversation as take-over does, and shows how far a reply came', async () => {
    const telegram = await startTelegramRelay()
    try {
      const { client: owner } = telegram
      const { channelId, user } = await telegram.paired()
      const inbox = await telegram.inbox()
      user.send('hi')
      await inbox.next()
      await owner.post('/reply', { channelId, content: 'hello' })
      await expect.poll(async () => (await page('', owner)).replies[0]?.state).toBe('sent')
      expect((await page('', owner)).replies).toEqual([
        expect.objectContaining({ channelType: 'telegram', conversation: String(user.id), by: 'agent', attempts: 1 }),
      ])
    } finally {
      await telegram.close()
    }
  })
})
