import { describe, expect, it } from 'vitest'
import { clockMinutes } from '../../../lib/relay/ui/statusText.ts'
import { compareTyped } from '../../../lib/relay/ui/trust.ts'

const FINGERPRINT = '9b42 d07a 2c15 f8e6 81fe 3a94 e93b 07cd 55a1 b260 0c48 97f3 4e1d a8b9 6630 f1c7'

describe('typing the new key', () => {
  it.each([
    ['', { state: 'incomplete', missing: 8 }],
    ['9b42 d0', { state: 'incomplete', missing: 2 }],
    ['9B42 D07A', { state: 'match', typed: '9b42d07a' }],
    [' 9b42d07a ', { state: 'match', typed: '9b42d07a' }],
    ['9b42d07b', { state: 'differs' }],
    ['x', { state: 'differs' }],
    ['9b42 d07a 2c15', { state: 'differs' }],
  ])('client:PIN5 %j is %j', (text, expected) => {
    expect(compareTyped(text, FINGERPRINT)).toEqual(expected)
  })
})

describe('a clock that is off', () => {
  const connection = { profileId: 'default', state: 'connected', since: 0 } as const
  it.each([
    [undefined, undefined],
    [60_000, undefined],
    [-90_000, 2],
    [180_000, 3],
  ])('client:CSG3 an offset of %s ms is %s minutes worth mentioning', (clockOffsetMs, minutes) => {
    expect(clockMinutes({ ...connection, ...(clockOffsetMs !== undefined && { clockOffsetMs }) })).toBe(minutes)
  })
})
