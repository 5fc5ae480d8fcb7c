import { describe, expect, it } from 'vitest'
import type { Conversation, Mark } from '../../../lib/inbox/model.ts'
import { filterCount, filterRows, scopeOf } from '../../../lib/inbox/ui/filters.ts'
import { snoozeTimes } from '../../../lib/inbox/ui/snoozeTimes.ts'

/** By the clock on the wall of wherever this runs: 1 March 2026 is a Sunday. */
const at = (day: number, hours: number, minutes = 0): number => new Date(2026, 2, day, hours, minutes).getTime()

describe('when a conversation may come back', () => {
  it.each([
    ['on a Tuesday morning', at(3, 10), { hours: at(3, 13), evening: at(3, 18), tomorrow: at(4, 9), monday: at(9, 9) }],
    ['near the evening', at(3, 17), { hours: at(3, 20), tomorrow: at(4, 9), monday: at(9, 9) }],
    ['after midnight', at(4, 0, 30), { hours: at(4, 3, 30), evening: at(4, 18), tomorrow: at(5, 9), monday: at(9, 9) }],
    ['on a Sunday', at(1, 10), { hours: at(1, 13), evening: at(1, 18), tomorrow: at(2, 9) }],
    ['on a Monday', at(2, 20), { hours: at(2, 23), tomorrow: at(3, 9), monday: at(9, 9) }],
  ])('client:SNZ3 %s', (_when, now, expected) => {
    expect(Object.fromEntries(snoozeTimes(now).map((choice) => [choice.name, choice.at]))).toEqual(expected)
  })

  it('client:SNZ3 tomorrow is by the clock on the wall when it is changed', () => {
    const zone = process.env.TZ
    process.env.TZ = 'Europe/Berlin'
    const times = snoozeTimes(new Date(2026, 2, 28, 20).getTime())
    expect(times.find(({ name }) => name === 'tomorrow')?.at).toBe(Date.parse('2026-03-29T07:00:00Z'))
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })
})

describe('what is listed', () => {
  const row = (id: string, unread: number, mark?: Partial<Mark>) =>
    ({ id, channelId: 'c', lastMessageAt: 5, lastAt: 5, unread, ...(mark && { mark }) }) as Conversation & { mark?: Mark }
  const soFar = { messageAt: 5, unread: 2 }
  const rows = [
    row('plain', 1),
    row('archived', 2, { archived: soFar }),
    row('snoozed', 2, { snoozed: { ...soFar, until: 100 } }),
    row('back', 4, { archived: { messageAt: 4, unread: 3 } }),
  ]
  const failed = new Set(['archived'])
  const listed = (filter: Parameters<typeof filterCount>[1], now = 50) =>
    filterRows(rows, { filter, channelId: undefined }, failed, now).map(({ id }) => id)

  it('client:MRK3 what is away is not in the inbox but under its filter; what was not sent is said of it too', () => {
    expect(listed('all')).toEqual(['plain', 'back'])
    expect(listed('unread')).toEqual(['plain', 'back'])
    expect(listed('archived')).toEqual(['archived'])
    expect(listed('snoozed')).toEqual(['snoozed'])
    expect(listed('unsent')).toEqual(['archived'])
    expect(listed('all', 100)).toEqual(['plain', 'snoozed', 'back'])
    expect(filterCount(rows, 'unread', failed, 50)).toBe(5)
  })

  it('client:MRK3 a search goes through what is away as well, or through nothing else', () => {
    const scope = (filter: Parameters<typeof filterCount>[1]) =>
      scopeOf({ filter, channelId: undefined, files: false }, rows, failed, 50)
    expect(scope('all').conversations).toBeUndefined()
    expect(scope('unread')).toMatchObject({ conversations: undefined, unread: true })
    expect(scope('snoozed').conversations).toEqual(new Set(['snoozed']))
  })
})
