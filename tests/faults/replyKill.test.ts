import { expect, it } from 'vitest'
import { startFakeTelegram } from '../fakes/telegram/fake.ts'
import { createClient } from '../support/client.ts'
import { startRelayProcess } from '../support/relayProcess.ts'

/** The long form is `npm run faults`. */
const long = process.env.CHAOS_FAULTS === 'long'
const CHATS = long ? 100 : 30
const REPLIES_PER_CHAT = long ? 10 : 6
const KILLS = long ? 20 : 6
/** Of the answers. With more, the waits between attempts would make this a test of patience. */
const LOST = 0.3

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('relay:REP6 relay:REP9 relay:REP11 replies through kills and a Telegram that loses a third of its answers: none lost, in order, doubles are told', async () => {
  const telegram = await startFakeTelegram()
  const limits = { reply: { limit: 0, windowSec: 60 }, inbound: { limit: 0, windowSec: 60 } }
  const relay = await startRelayProcess({
    env: { CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot, CHAOS_RATE_LIMITS: JSON.stringify(limits), LOG_LEVEL: 'error' },
  })
  const client = await createClient(relay.url)
  const { channelId, pairingCode } = (await client.post('/channels/telegram/register', { botToken: telegram.bot.token })).json
  const user = telegram.user('Ada', 'ada')
  user.send(pairingCode)
  await telegram.nextSent()
  const groups = Array.from({ length: CHATS }, (_, i) => telegram.group(`group ${i}`))
  for (const group of groups) user.send('hello', { chat: group })
  for (let heard = 0; heard < CHATS; ) heard = (await client.get('/messages?after=0')).json.messages.length

  let random = 1
  const chance = () => {
    random = (random * 1_103_515_245 + 12_345) % 2 ** 31
    return random / 2 ** 31
  }
  let losing = true
  const loser = (async () => {
    while (losing) {
      await telegram.nextSent()
      if (losing && chance() < LOST) telegram.faults.next('sendMessage', { kind: 'dropAfterAccept' })
    }
  })()

  let kills = 0
  let killing = true
  const killer = (async () => {
    while (killing && kills < KILLS) {
      const enough = telegram.sent.length + 5 + Math.floor(chance() * 30)
      while (killing && telegram.sent.length < enough) await pause(5)
      await relay.restart()
      kills++
    }
  })()

  /** Sends until it is answered: what was asked twice has the same clientId. */
  async function reply(chat: number, n: number): Promise<string> {
    const body = { channelId, content: `${chat}.${n}`, clientId: `${chat}.${n}`, metadata: { chatId: groups[chat]?.chat.id } }
    for (;;) {
      const answer = await client.post('/reply', body).catch(() => undefined)
      if (answer?.status === 200) return answer.json.responseId
      await pause(100)
    }
  }
  async function settled(id: string) {
    for (;;) {
      const answer = await client.get(`/replies/${id}`).catch(() => undefined)
      if (answer?.status === 200 && answer.json.state !== 'queued') return answer.json
      await pause(200)
    }
  }

  const ids = await Promise.all(
    groups.map(async (_, chat) => {
      const of: string[] = []
      for (let n = 0; n < REPLIES_PER_CHAT; n++) of.push(await reply(chat, n))
      return of
    }),
  )
  expect(new Set(ids.flat()).size).toBe(CHATS * REPLIES_PER_CHAT)

  const statuses = new Map<string, { state: string; reason?: string }>()
  for (const [chat, of] of ids.entries()) {
    for (const [n, id] of of.entries()) statuses.set(`${chat}.${n}`, await settled(id))
  }
  killing = false
  await killer
  losing = false

  const texts = telegram.sent.map((message) => ('text' in message ? String(message.text) : ''))
  const arrivals = new Map<string, number>()
  for (const text of texts) arrivals.set(text, (arrivals.get(text) ?? 0) + 1)
  let doubles = 0
  for (let chat = 0; chat < CHATS; chat++) {
    const wanted = Array.from({ length: REPLIES_PER_CHAT }, (_, n) => `${chat}.${n}`)
    const seen = texts.filter((text) => text.startsWith(`${chat}.`))
    expect([...new Set(seen)]).toEqual(wanted)
    expect(seen.map((text) => wanted.indexOf(text))).toEqual(seen.map((text) => wanted.indexOf(text)).toSorted((a, b) => a - b))
    for (const text of wanted) {
      expect(statuses.get(text)?.state).toBe('sent')
      if ((arrivals.get(text) ?? 0) < 2) continue
      doubles++
      expect([text, statuses.get(text)?.reason]).toEqual([text, expect.stringMatching(/may have arrived twice/)])
    }
  }
  expect(doubles).toBeGreaterThan((CHATS * REPLIES_PER_CHAT) / 10)
  expect(kills).toBe(KILLS)
  await relay.close()
  await telegram.close()
  void loser
})
