import { describe, expect, it } from 'vitest'
import { createIds } from '../../../server/ids.ts'
import { createFakeClock } from '../../support/fakeClock.ts'

describe('ids', () => {
  it('relay:CUR1 are UUIDs of version 7: unique, and in the order of their milliseconds', async () => {
    const clock = createFakeClock()
    const newId = createIds(clock)
    const made: string[] = []
    for (let i = 0; i < 200; i++) {
      made.push(newId())
      await clock.advance(1)
    }
    expect(new Set([...made, ...Array.from({ length: 1000 }, newId)]).size).toBe(1200)
    expect([...made].sort()).toEqual(made)
    for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt((made[0] ?? '').replaceAll('-', '').slice(0, 12), 16)).toBe(clock.now() - 200)
  })
})
