import { beforeEach, describe, expect, it } from 'vitest'
import { createAcks } from '../../../lib/relay/acks.ts'
import { createFakeTimers, type FakeTimers } from './support/timers.ts'

let timers: FakeTimers
beforeEach(() => {
  timers = createFakeTimers()
})

describe('acks', () => {
  it('client:CDD8 one per 50 messages does not wait for the 250 ms', () => {
    const sent: number[] = []
    const acknowledge = createAcks({ timers, send: (seq) => sent.push(seq) > 0 })
    for (let seq = 1; seq <= 120; seq++) acknowledge.note(seq)
    expect(sent).toEqual([1, 51, 101])
  })

  it('client:CDD8 a new connection is told once how far everything is stored', () => {
    const sent: number[] = []
    let live = false
    const acknowledge = createAcks({ timers, send: (seq) => live && sent.push(seq) > 0 })
    acknowledge.note(7)
    live = true
    acknowledge.restart(0)
    acknowledge.note(7)
    acknowledge.note(7)
    expect(sent).toEqual([7])
  })
})
