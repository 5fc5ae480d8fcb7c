import { afterEach, describe, expect, it } from 'vitest'
import { DeliveryFailure } from '../../server/channels/port.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { openOutbox } from '../support/outbox.ts'
import { type RelayOptions, startRelay } from '../support/relay.ts'

const DAY = 24 * 60 * 60_000
const HOOK = { id: 'hook', metadata: { webhookSecret: 'a-webhook-secret' } }

/** A clock whose wall time can be set without any timer noticing, as when an administrator or NTP corrects it. */
function createWallClock() {
  const steady = createFakeClock()
  let offset = 0
  return {
    ...steady,
    now: () => steady.now() + offset,
    set(ms: number): void {
      offset = ms
    },
  }
}

describe('a clock that is set forward by a day and back again', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })
  const start = async (options: RelayOptions) => {
    const relay = await startRelay(options)
    undo.push(() => relay.close())
    const client = await relay.client({ keyed: false })
    await client.post('/channels', HOOK)
    const post = () => send(relay.url, `/webhook/hook?token=${HOOK.metadata.webhookSecret}`, { method: 'POST', body: 'x' })
    return { relay, client, post }
  }

  it('relay:RL1 a limit that was reached then holds nobody up for a day', async () => {
    const clock = createWallClock()
    const { post } = await start({ clock, env: { CHAOS_RATE_LIMITS: '{"inbound":{"limit":3,"windowSec":60}}' } })
    clock.set(DAY)
    for (let i = 0; i < 3; i++) expect((await post()).status).toBe(200)
    expect((await post()).status).toBe(429)
    clock.set(0)
    for (let i = 0; i < 3; i++) expect((await post()).status).toBe(200)
    expect(Number((await post()).headers['retry-after'])).toBeLessThanOrEqual(60)
  })

  it('relay:CUR5 relay:CH12 what is stored after a restart is found by the since of that day', async () => {
    const clock = createWallClock()
    const { relay, client, post } = await start({ clock })
    clock.set(DAY)
    const polled = (await client.get('/messages')).json
    const read = (await send(relay.url, '/responses/hook')).json
    clock.set(0)
    await relay.restart()
    expect((await post()).status).toBe(200)
    await client.post('/reply', { channelId: 'hook', content: 'y' })
    expect((await client.get(`/messages?since=${polled.since}`)).json.messages).toHaveLength(1)
    expect((await send(relay.url, `/responses/hook?since=${read.since}`)).json.responses).toHaveLength(1)
  })

  it('relay:WS3 a ticket of that day is not valid for a day', async () => {
    const clock = createWallClock()
    const { client, relay } = await start({ clock })
    clock.set(DAY)
    const { ticket } = (await client.post('/ws/ticket')).json
    clock.set(0)
    const answer = await send(relay.url, '/ws', {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Protocol': `chaos.v2, ticket.${ticket}`,
      },
    })
    expect([answer.status, answer.json.code]).toEqual([401, 'ticket_invalid'])
  })

  it('relay:REP8 a reply that waits for its next attempt is sent when its wait is over, not a day later', async () => {
    const box = await openOutbox()
    undo.push(() => box.close())
    await box.addChannel('chat')
    await box.hear('chat', 'anna')
    box.outbox.start()
    let calls = 0
    box.obey(() => {
      if (++calls === 1) throw new DeliveryFailure('no answer', { permanent: false })
      return 'p1'
    })
    const { now } = box.clock
    let offset = DAY
    box.clock.now = () => now() + offset
    const { responseId } = await box.accept({ channelId: 'chat', content: 'x' })
    await box.status(responseId, 'queued')
    offset = 0
    await box.clock.advance(1_000)
    await box.status(responseId, 'sent')
  })
})
