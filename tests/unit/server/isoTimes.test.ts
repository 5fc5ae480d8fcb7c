import { expect, it } from 'vitest'
import { createIsoTimes } from '../../../server/store/sqlite/isoTimes.ts'

it('relay:CUR1 timestamps are written as Date writes them, within a second, over its end and back', () => {
  const isoTime = createIsoTimes()
  const start = Date.UTC(2026, 11, 31, 23, 59, 59)
  for (const at of [
    start,
    start + 7,
    start + 7,
    start + 42,
    start + 999,
    start + 1000,
    start + 1001,
    start + 86_400_000,
    start + 5,
    0,
  ])
    expect(isoTime(at)).toBe(new Date(at).toISOString())
})
