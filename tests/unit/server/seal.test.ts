import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSealer } from '../../../server/store/seal.ts'

const sealer = createSealer(randomBytes(32))

describe('sealing', () => {
  it('relay:STO2 gives back what was sealed, and never seals alike twice', () => {
    for (const plain of ['', 'token', 'ü\u{1f600}', 'x'.repeat(100_000)]) expect(sealer.unseal(sealer.seal(plain))).toBe(plain)
    const sealed = Array.from({ length: 1000 }, () => sealer.seal('token'))
    expect(new Set(sealed.map((text) => text.slice(3, 19))).size).toBe(1000)
    expect(sealed.some((text) => text.includes('token'))).toBe(false)
  })

  it('relay:STO2 refuses another key, and a text in which one bit was changed', () => {
    const sealed = sealer.seal('token')
    expect(() => createSealer(randomBytes(32)).unseal(sealed)).toThrow()
    const bytes = Buffer.from(sealed.slice(3), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => sealer.unseal(`v1.${changed.toString('base64url')}`)).toThrow()
    }
    for (const text of ['', 'v1.', 'v2.abc', 'token', sealed.slice(0, 20), sealed.slice(3)])
      expect(() => sealer.unseal(text)).toThrow()
  })
})
