import { beforeAll, describe, expect, it, vi } from 'vitest'
import { fakeBrowser } from 'wxt/testing/fake-browser'
import type { Reply } from '../../../../lib/inbox/model.ts'
import { deliveryOf } from '../../../../lib/inbox/ui/deliverySteps.ts'
import { fromLocalInput, sendTimes, toLocalInput } from '../../../../lib/inbox/ui/sendTimes.ts'

describe('times to send at', () => {
  const local = (text: string) => new Date(text).getTime()
  const words = (now: string) => sendTimes(local(now)).map(({ name, at }) => [name, toLocalInput(at)])

  it('client:SCH1 are those people mean, later than in an hour, and none twice', () => {
    expect(words('2026-01-07T10:20:30')).toEqual([
      ['hour', '2026-01-07T11:20'],
      ['evening', '2026-01-07T18:00'],
      ['tomorrow', '2026-01-08T09:00'],
      ['monday', '2026-01-12T09:00'],
    ])
    expect(words('2026-01-07T17:30:00').map(([name]) => name)).toEqual(['hour', 'tomorrow', 'monday'])
    // A Sunday: tomorrow is Monday.
    expect(words('2026-01-11T20:00:00')).toEqual([
      ['hour', '2026-01-11T21:00'],
      ['tomorrow', '2026-01-12T09:00'],
    ])
    // A Monday: the next one.
    expect(words('2026-01-12T08:00:00').at(-1)).toEqual(['monday', '2026-01-19T09:00'])
  })

  it('client:SCH1 come back from the field for a time as they went in', () => {
    const at = local('2026-03-01T09:05:00')
    expect([toLocalInput(at), fromLocalInput('2026-03-01T09:05')]).toEqual(['2026-03-01T09:05', at])
    expect(fromLocalInput('')).toBeNaN()
  })
})

describe('the way of a reply', () => {
  beforeAll(() => {
    vi.spyOn(fakeBrowser.i18n, 'getMessage').mockImplementation((name) => String(name))
  })
  const reply = (over: Partial<Reply>): Reply =>
    ({
      ...{ clientId: 'c', profileId: 'default', conversationId: 'a', channelId: 'tg', channelType: 'telegram', content: 'x' },
      ...{ metadata: {}, attachments: [], createdAt: 1_000, updatedAt: 1_000, state: 'sending' },
      ...over,
    }) as Reply
  const states = (over: Partial<Reply>) =>
    deliveryOf({ kind: 'reply', reply: reply(over) }).steps.map(({ state, at, note }) => [state, at, note])

  it.each<[string, Partial<Reply>, unknown[]]>([
    [
      'kept here',
      { tries: 2, trouble: 'The relay does not answer' },
      ['waiting', undefined, expect.stringContaining('does not answer.')],
    ],
    [
      'refused by the relay',
      { state: 'failed', reason: 'No such channel', code: 'x' } as Partial<Reply>,
      ['failed', undefined, 'No such channel.'],
    ],
    ['on the relay', { state: 'queued', responseId: 'r', handedAt: 2_000 }, ['done', 2_000, undefined]],
  ])('client:DLV1 %s', (_name, over, relay) => {
    expect(states(over)[0]).toEqual(['done', 1_000, undefined])
    expect(states(over)[1]).toEqual(relay)
  })

  it('client:DLV1 names what holds up or failed the last hop, and when', () => {
    const known = { responseId: 'r', handedAt: 2_000, statusAt: 3_000, attempts: 2 }
    expect(states({ ...known, state: 'queued', trouble: 'Too many requests.' })[2]).toEqual([
      'waiting',
      undefined,
      expect.stringContaining('Too many requests.'),
    ])
    expect(states({ ...known, state: 'failed', reason: 'Blocked', code: 'delivery_failed' } as Partial<Reply>)[2]).toEqual([
      'failed',
      3_000,
      expect.stringContaining('Blocked.'),
    ])
    expect(states({ ...known, attempts: 1, state: 'sent' })[2]).toEqual(['done', 3_000, undefined])
  })
})
