import { describe, expect, it } from 'vitest'
import { equalSecret, hashToken, randomSecret } from '../../../server/auth/secrets.ts'

describe('secrets', () => {
  it('relay:GEN4 comparison goes by hashes, so any two texts can be compared, of any length and script', () => {
    const secret = randomSecret()
    expect(equalSecret(secret, `${secret}`)).toBe(true)
    expect(equalSecret('', '')).toBe(true)
    for (const other of [
      '',
      secret.slice(1),
      `${secret}x`,
      `${secret}\u0000`,
      secret.toUpperCase(),
      'x'.repeat(100_000),
      '\u{1f40c}',
    ])
      expect(equalSecret(secret, other), other.slice(0, 40)).toBe(false)
    expect(equalSecret('\u{1f40c}', '\u{1f40c}')).toBe(true)
  })

  it('relay:REG9 tokens are stored by a hash that does not tell them', () => {
    const token = randomSecret()
    expect(hashToken(token)).toMatch(/^[0-9a-f]{64}$/)
    expect(hashToken(token)).not.toContain(token)
    expect(hashToken(token)).toBe(hashToken(`${token}`))
  })

  it('relay:REG9 relay:WS3 random secrets have 192 bits in URL-safe characters and never repeat', () => {
    const made = Array.from({ length: 1000 }, () => randomSecret())
    expect(new Set(made).size).toBe(1000)
    for (const secret of made) expect(secret).toMatch(/^[A-Za-z0-9_-]{32}$/)
  })
})
