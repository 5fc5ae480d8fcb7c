import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { PAIRING_ALPHABET } from '#protocol/pairing.ts'
import { allowedUsers, createPairing, type Pairing } from '../../../../server/channels/pairing.ts'
import { readPairingText } from '../../../../server/channels/pairingText.ts'
import type { ChannelRecord } from '../../../../server/store/records.ts'
import { createFakeHost, type FakeHost } from '../../../fakes/channelHost.ts'
import { createFakeClock, type FakeClock } from '../../../support/fakeClock.ts'

const MINUTE = 60_000

describe('pairing', () => {
  let fake: FakeHost
  let clock: FakeClock
  let pairing: Pairing
  let channel: ChannelRecord

  beforeEach(() => {
    fake = createFakeHost()
    clock = createFakeClock()
    pairing = createPairing({ host: fake.host, clock, random: randomBytes })
    channel = fake.channel()
  })

  const admit = (
    text: string,
    { id = '77', chat = id, inPrivate = true }: { id?: string; chat?: string; inPrivate?: boolean } = {},
  ) => pairing.admit(channel.id, { id, chat, private: inPrivate, text })
  const paired = () => allowedUsers(fake.host.channel(channel.id) ?? channel)
  const ORDINARY = { admitted: true }

  it('relay:PAIR1 codes are 8 Crockford characters that use all 40 random bits, sealed, valid 15 minutes', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 2_000; round++) {
      const { code, expiresAt, secret } = pairing.fresh()
      expect(code).toMatch(new RegExp(`^[${PAIRING_ALPHABET}]{8}$`))
      expect(expiresAt - clock.now()).toBe(15 * MINUTE)
      expect(secret.sealed).toBe(`sealed(${code})`)
      for (let at = 0; at < 8; at++) seen.add(`${at}${code[at]}`)
    }
    expect(seen.size).toBe(8 * 32)
    const ends = [new Uint8Array(5), new Uint8Array(5).fill(255)].map(
      (bytes) => createPairing({ host: fake.host, clock, random: () => bytes }).fresh().code,
    )
    expect(ends).toEqual(['00000000', 'ZZZZZZZZ'])
  })

  it('relay:PAIR2 any spelling a person may use of the code pairs', async () => {
    const spellings = (code: string) => [
      code,
      code.toLowerCase(),
      `${code.slice(0, 4)} ${code.slice(4)}`,
      ` ${code.slice(0, 4)}-${code.slice(4)}\n`,
      `${code.slice(0, 4)}–${code.slice(4)}`,
      `/start ${code}`,
      `/start@ada_relay_bot ${code.toLowerCase()}`,
      code.replace(/0/g, 'o').replace(/1/g, 'l'),
      code.replace(/0/g, 'O').replace(/1/g, 'I'),
    ]
    for (const [at] of spellings('00000000').entries()) {
      const { code } = await pairing.renew(channel.id)
      const spelling = spellings(code)[at] ?? ''
      expect(await admit(spelling, { id: `u${at}` }), spelling).toMatchObject({
        admitted: false,
        answer: expect.stringMatching(/paired/),
      })
      expect(paired()).toContain(`u${at}`)
    }
  })

  it('relay:PAIR2 a group is no place to pair: the code there neither pairs nor is it spent', async () => {
    const { code } = await pairing.renew(channel.id)
    expect(await admit(`/start ${code}`, { inPrivate: false })).toEqual({ admitted: false })
    expect(paired()).toEqual([])
    expect(await admit(code)).toMatchObject({ answer: expect.stringMatching(/paired/) })
  })

  it('relay:PAIR3 the code is spent by its first use, also when several send it at once', async () => {
    const { code } = await pairing.renew(channel.id)
    await Promise.all(Array.from({ length: 5 }, (_, at) => admit(code, { id: `u${at}` })))
    expect(paired()).toHaveLength(1)
    expect(fake.host.channel(channel.id)?.secrets.pairing).toBeUndefined()
    expect(fake.host.channel(channel.id)?.status).toEqual({ state: 'ok' })
    expect(fake.ingested.all).toEqual([])
  })

  it('relay:PAIR3 pairing texts of someone already paired are no messages, but words that look like codes are', async () => {
    const { code } = await pairing.renew(channel.id)
    await admit(code)
    expect(await admit(code)).toMatchObject({ admitted: false, answer: expect.stringMatching(/already paired/) })
    expect(await admit(`/start ${code}`)).toMatchObject({ admitted: false, answer: expect.stringMatching(/already paired/) })
    expect(await admit('TOMORROW')).toEqual(ORDINARY)
    expect(await admit('/start')).toEqual(ORDINARY)
    expect(await admit('/start the engines')).toEqual(ORDINARY)
    const renewed = await pairing.renew(channel.id)
    expect(await admit('TOMORROW')).toEqual(ORDINARY)
    expect(await admit(renewed.code)).toMatchObject({ admitted: false, answer: expect.stringMatching(/paired/) })
    expect(paired()).toEqual(['77'])
  })

  it('relay:PAIR4 the fifth wrong guess kills the code, whoever made the others', async () => {
    const { code } = await pairing.renew(channel.id)
    const wrong = code === '22222222' ? '33333333' : '22222222'
    for (const [at, text] of [wrong, `/start ${wrong}`, '/start nonsense', wrong.toLowerCase()].entries()) {
      expect(await admit(text, { id: `u${at}` })).toMatchObject({ admitted: false, answer: expect.stringMatching(/not right/) })
    }
    expect(await admit(wrong, { id: 'u5' })).toMatchObject({ admitted: false, answer: expect.stringMatching(/no longer valid/) })
    expect(await admit(code)).toMatchObject({ admitted: false, answer: expect.stringMatching(/not authorised/) })
    expect(paired()).toEqual([])
    expect(fake.rejections.all).toHaveLength(6)
  })

  it('relay:PAIR4 chatter is no guess', async () => {
    const { code } = await pairing.renew(channel.id)
    for (const text of [
      'hello',
      'a longer sentence with words',
      '/start',
      '/help 22222222',
      '2222222',
      '222222222',
      'UUUUUUUU',
      '',
    ])
      await admit(text)
    expect(await admit(code)).toMatchObject({ answer: expect.stringMatching(/paired/) })
  })

  it('relay:PAIR1 a code is worth nothing after 15 minutes', async () => {
    const { code } = await pairing.renew(channel.id)
    await clock.advance(15 * MINUTE - 1)
    expect(await admit('22222222')).toMatchObject({ answer: expect.stringMatching(/not right/) })
    await clock.advance(1)
    expect(await admit(code)).toMatchObject({ admitted: false, answer: expect.stringMatching(/not authorised/) })
    expect(paired()).toEqual([])
  })

  it('relay:PAIR5 a new code replaces the old one, with its guesses, and keeps who is paired', async () => {
    const first = await pairing.renew(channel.id)
    await admit(first.code, { id: 'u1' })
    const second = await pairing.renew(channel.id)
    for (let guess = 0; guess < 4; guess++) await admit('22222222')
    const third = await pairing.renew(channel.id)
    expect(await admit(second.code)).toMatchObject({ answer: expect.stringMatching(/not right/) })
    for (let guess = 0; guess < 3; guess++) await admit('22222222')
    expect(await admit(third.code)).toMatchObject({ answer: expect.stringMatching(/paired/) })
    expect(paired()).toEqual(['u1', '77'])
    await expect(pairing.renew('gone')).rejects.toMatchObject({ code: 'channel_not_found' })
  })

  it('relay:PAIR6 strangers are counted, answered once in 10 minutes per private chat, and never in groups', async () => {
    expect(await admit('hello')).toMatchObject({ admitted: false, answer: expect.stringMatching(/not authorised/) })
    expect(await admit('hello?')).toEqual({ admitted: false })
    expect(await admit('hello', { id: '78' })).toMatchObject({ answer: expect.stringMatching(/not authorised/) })
    expect(await admit('hello', { id: '79', chat: '-5', inPrivate: false })).toEqual({ admitted: false })
    await clock.advance(10 * MINUTE - 1)
    expect(await admit('hello')).toEqual({ admitted: false })
    await clock.advance(1)
    expect(await admit('hello')).toMatchObject({ answer: expect.stringMatching(/not authorised/) })
    expect(fake.rejections.all.map(({ channelId }) => channelId)).toEqual(Array(6).fill(channel.id))
  })

  it('relay:PAIR6 no crowd of strangers makes the relay remember or answer without end', async () => {
    let answers = 0
    for (let stranger = 0; stranger < 12_000; stranger++) {
      const admission = await admit('hi', { id: `s${stranger}` })
      if (!admission.admitted && admission.answer) answers += 1
    }
    expect(answers).toBe(10_000)
  })

  it('relay:PAIR6 a sender the platform does not name is a stranger, whatever the list says', async () => {
    channel = fake.channel({ metadata: { allowedUsers: ['', 'undefined'] } })
    expect(await admit('hello', { id: '' })).toMatchObject({ admitted: false })
  })

  it('relay:PAIR2 reading any text for a code never fails and takes no prose for one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const attempt = readPairingText(text)
        if (attempt && !attempt.command) expect(attempt.code).toMatch(new RegExp(`^[${PAIRING_ALPHABET}]{8}$`))
        if (attempt?.command) expect(text.trim().startsWith('/start')).toBe(true)
      }),
    )
  })
})
