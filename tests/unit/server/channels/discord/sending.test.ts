import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../../support/fakeClock.ts'
import { startAdapter } from './adapter.ts'

const CREATE = 'POST /channels/:channelId/messages'

describe('sending to Discord', () => {
  let at: Awaited<ReturnType<typeof startAdapter>>
  let clock: ReturnType<typeof createFakeClock>

  beforeEach(async () => {
    clock = createFakeClock(Date.now())
    at = await startAdapter({ clock })
  })
  afterEach(() => at.discord.close())

  it('relay:REP9 a repeat is recognised for the minutes in which Discord knows a nonce; later it is said that it may be there twice', async () => {
    const reply = at.reply('once')
    const first = await at.sendAll(reply)
    await clock.advance(60_000)
    expect(await at.sendAll(reply)).toEqual(first)
    expect(at.discord.sent).toHaveLength(1)
    await clock.advance(24 * 60 * 60_000)
    expect(await at.sendAll(reply)).toEqual([{ platformMessageId: expect.any(String), repeatable: true }])
    expect(at.discord.sent).toHaveLength(2)
  })

  it('relay:REP9 nonces differ between replies and parts, and are the same for the same part', async () => {
    await at.sendAll(at.reply('word '.repeat(900)))
    await at.sendAll(at.reply('other', { responseId: 'r2' }))
    const nonces = at.discord.sent.map(({ nonce }) => nonce)
    expect(new Set(nonces).size).toBe(4)
  })

  it.each([
    ['no connection', { kind: 'hangUp' }, { permanent: false, uncertain: true }],
    ['a page instead of an answer', { kind: 'page', status: 502 }, { permanent: false, uncertain: true }],
    ['an error of Discord', { kind: 'refuse', status: 500, message: 'x' }, { permanent: false, uncertain: true }],
    [
      'a limit',
      { kind: 'refuse', status: 429, message: 'x', retryAfter: 7 },
      { permanent: false, uncertain: false, retryAfterMs: 7_050 },
    ],
    ['a refusal', { kind: 'refuse', status: 403, code: 50013, message: 'x' }, { permanent: true }],
    [
      'a token that was reset',
      { kind: 'refuse', status: 401, message: 'x' },
      { permanent: true, channelState: { state: 'auth_failed' } },
    ],
  ] as const)('relay:REP8 %s is told apart', async (_name, fault, expected) => {
    at.discord.faults.next(CREATE, fault)
    await expect(at.sendAll(at.reply('x'))).rejects.toMatchObject(expected)
  })

  it('relay:REP8, REP9 nobody there: nothing was sent, so nothing can be there twice', async () => {
    await at.discord.close()
    await expect(at.sendAll(at.reply('x'))).rejects.toMatchObject({ permanent: false, uncertain: false })
  })

  it('relay:CH11 after a refused token the next one is used, and the old one is not asked for again', async () => {
    at.discord.faults.next(CREATE, { kind: 'refuse', status: 401, message: 'x' })
    await expect(at.sendAll(at.reply('x'))).rejects.toMatchObject({ permanent: true })
    const [taken] = await at.sendAll(at.reply('x'))
    expect(taken?.platformMessageId).toBe(at.discord.sent[0]?.messageId)
  })
})
