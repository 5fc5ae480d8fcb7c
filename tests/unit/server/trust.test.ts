import { describe, expect, it } from 'vitest'
import { createTrust } from '../../../server/http/trust.ts'

describe('trust', () => {
  it('remote:TRU1 is for peers on this machine alone', () => {
    const trusted = createTrust({ localTrust: true })
    const from = (ip: string) => trusted({ ip, headers: { host: 'localhost' } })
    expect(['127.0.0.1', '127.8.9.1', '::1'].map(from)).toEqual([true, true, true])
    expect(['10.0.0.1', '192.168.127.1', 'fe80::1', '::2', '', '1127.0.0.1'].map(from)).toEqual(Array(6).fill(false))
    expect(trusted({ ip: '127.0.0.1', headers: {} })).toBe(false)
  })
})
