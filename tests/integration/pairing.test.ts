import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTelegramRelay, type TelegramRelay } from '../fakes/telegram/relay.ts'
import { createFakeClock } from '../support/fakeClock.ts'

const WRONG = '22222222'

describe('pairing through a bot', () => {
  let at: TelegramRelay

  beforeEach(async () => {
    at = await startTelegramRelay()
  })
  afterEach(() => at.close())

  const said = async () => (await at.telegram.nextSent()).text

  it('relay:PAIR2, PAIR3 the code pairs its sender, is confirmed, told by channel_update, and stored nowhere', async () => {
    const { json } = await at.register()
    const inbox = await at.inbox()
    const ada = at.telegram.user('Ada', 'ada')
    ada.send(` ${json.pairingCode.slice(0, 4).toLowerCase()}-${json.pairingCode.slice(4)} `)
    expect(await said()).toMatch(/You are paired/)
    ada.send('first words')
    const message = await inbox.next()
    expect(message).toMatchObject({ seq: 1, content: 'first words', from: 'ada', channelType: 'telegram' })
    const channel = await at.channel(json.channelId)
    expect(channel.metadata).toMatchObject({ allowedUsers: [String(ada.id)] })
    expect(channel.metadata.pairingCode).toBeUndefined()
    expect(channel.status.state).toBe('ok')
    expect(await at.messages()).toHaveLength(1)
  })

  it('relay:PAIR3, WS16 a v2 socket hears of the pairing', async () => {
    const { json } = await at.register()
    const socket = await at.client.openResumed()
    const ada = at.telegram.user('Ada')
    ada.send(json.pairingCode)
    for (;;) {
      const { channelId, channel } = await socket.nextOf('channel_update')
      expect(channelId).toBe(json.channelId)
      if (channel.metadata.allowedUsers.includes(String(ada.id))) break
    }
  })

  it('relay:PAIR2 the link of the answer pairs: /start CODE', async () => {
    const { json } = await at.register()
    at.telegram.user('Ada').send(`/start ${new URL(json.pairingUrl).searchParams.get('start')}`)
    expect(await said()).toMatch(/You are paired/)
  })

  it('relay:PAIR3 a code serves once', async () => {
    const { pairingCode, channelId } = await at.paired()
    at.telegram.user('Eve').send(pairingCode)
    expect(await said()).toMatch(/not authorised/)
    expect((await at.channel(channelId)).metadata.allowedUsers).toHaveLength(1)
  })

  it('relay:PAIR4 five wrong codes from five people kill it', async () => {
    const { json } = await at.register()
    for (let guess = 0; guess < 5; guess++) {
      at.telegram.user(`Eve ${guess}`).send(guess % 2 ? `/start ${WRONG}` : WRONG)
      expect(await said()).toMatch(guess < 4 ? /not right\./ : /no longer valid/)
    }
    at.telegram.user('Ada').send(json.pairingCode)
    expect(await said()).toMatch(/not authorised/)
    const channel = await at.channel(json.channelId)
    expect(channel.metadata).toMatchObject({ allowedUsers: [] })
    expect(channel.metadata.pairingCode).toBeUndefined()
    expect(channel.status.rejected).toBe(6)
    expect(await at.messages()).toEqual([])
  })

  it('relay:PAIR1 codes and wrong guesses survive a restart', async () => {
    const { json } = await at.register()
    for (let guess = 0; guess < 4; guess++) {
      at.telegram.user('Eve').send(WRONG)
      expect(await said()).toMatch(/not right\./)
    }
    await at.relay.restart()
    expect((await at.channel(json.channelId)).metadata.pairingCode).toBe(json.pairingCode)
    at.telegram.user('Eve').send(WRONG)
    expect(await said()).toMatch(/no longer valid/)
  })

  it('relay:PAIR5 a new code pairs one more and keeps the others; the old one is void', async () => {
    const { channelId, user } = await at.paired()
    const { status, json } = await at.client.post(`/channels/${channelId}/pairing`)
    expect(status).toBe(200)
    expect(json).toEqual({ pairingCode: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/), expiresAt: expect.any(String) })
    const bo = at.telegram.user('Bo')
    bo.send(json.pairingCode)
    expect(await said()).toMatch(/You are paired/)
    expect((await at.channel(channelId)).metadata.allowedUsers).toEqual([String(user.id), String(bo.id)])
  })

  it('relay:PAIR5, CH7 only the owner makes codes, only for bots, and not without end', async () => {
    const { json } = await at.register()
    const path = `/channels/${json.channelId}/pairing`
    const stranger = await at.relay.client()
    const foreign = await stranger.post(path)
    const unknown = await stranger.post('/channels/none/pairing')
    expect([foreign.status, foreign.json.code, foreign.json.error]).toEqual([404, 'channel_not_found', unknown.json.error])
    const webhook = await at.client.post('/channels', { type: 'webhook' })
    const wrongType = await at.client.post(`/channels/${webhook.json.channel.id}/pairing`)
    expect([wrongType.status, wrongType.json.code]).toEqual([400, 'wrong_channel_type'])
    for (let round = 0; round < 10; round++) expect((await at.client.post(path)).status).toBe(200)
    const over = await at.client.post(path)
    expect([over.status, over.json.code]).toEqual([429, 'rate_limited'])
  })

  it('relay:PAIR6 a person taken off the list is a stranger at once', async () => {
    const { user, channelId } = await at.paired()
    await at.client.patch(`/channels/${channelId}`, { allowedUsers: [] })
    user.send('am I still in?')
    expect(await said()).toMatch(/not authorised/)
    expect(await at.messages()).toEqual([])
  })
})

describe('pairing and time', () => {
  it('relay:PAIR1, PAIR6 a code lapses after 15 minutes; a stranger is answered every 10 minutes', async () => {
    const clock = createFakeClock()
    const at = await startTelegramRelay({ clock })
    try {
      const { json } = await at.register()
      await clock.advance(15 * 60_000)
      expect((await at.channel(json.channelId)).metadata.pairingCode).toBeUndefined()
      const ada = at.telegram.user('Ada')
      ada.send(json.pairingCode)
      expect((await at.telegram.nextSent()).text).toMatch(/not authorised/)
      ada.send('hello?')
      const bo = at.telegram.user('Bo')
      bo.send('hello')
      expect((await at.telegram.nextSent()).chatId).toBe(bo.id)
      await clock.advance(10 * 60_000)
      ada.send('hello??')
      expect((await at.telegram.nextSent()).chatId).toBe(ada.id)
    } finally {
      await at.close()
    }
  })
})
