import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mailAddress, senderAddress } from '../../../../../server/channels/email/address.ts'
import { newInboundAddress, slugOf } from '../../../../../server/channels/email/inboundAddress.ts'

describe('who a mail is from', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['Ada Lovelace <Ada@Example.COM>', 'ada@example.com'],
    ['<ada@example.com>', 'ada@example.com'],
    ['"boss@allowed.com" <evil@x.com>', 'evil@x.com'],
    ['boss@allowed.com <evil@x.com>', 'evil@x.com'],
    ['"a<b>, c" <ada@example.com>', 'ada@example.com'],
    ['Lovelace, Ada <ada@example.com>', 'ada@example.com'],
  ])('relay:EML10 %s is %s', (from, address) => expect(senderAddress(from)).toBe(address))

  it.each([
    '',
    '<>',
    'ada',
    'evil@x.com, boss@allowed.com',
    'evil@x.com, <boss@allowed.com>',
    '<evil@x.com> <boss@allowed.com>',
    'boss@allowed.com evil@x.com',
    'ada@example.com\r\nBcc: evil@x.com',
    'ada@exa\u202emple.com',
    'ada@localhost',
    'a@b@example.com',
    'group: boss@allowed.com;',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b.'.repeat(130)}com`,
  ])('relay:EML10 %j names nobody', (from) => expect(senderAddress(from)).toBeUndefined())

  it('relay:EML12 no text with a line break, a comma or a bracket is an address', () => {
    const hostile = fc.tuple(fc.string(), fc.constantFrom('\r', '\n', '\0', ',', ';', '<', '>', ' ', '"'), fc.string())
    fc.assert(
      fc.property(hostile, ([a, b, c]) => mailAddress(`a${a}${b}${c}b@example.com`) === undefined),
      { numRuns: 1000 },
    )
  })
})

describe('addresses of channels', () => {
  it.each([
    ['Build Alerts', 'build-alerts'],
    ['Übung 1', 'bung-1'],
    ['..a..b..', 'a.b'],
    ['-_.x._-', 'x'],
    ['!!!', ''],
    ['日本', ''],
    ['a\nb', 'a-b'],
  ])('relay:EML2 the slug of %j is %j', (name, slug) => expect(slugOf(name)).toBe(slug))

  it('relay:EML2 a long name still gives an address mail can be sent to', () => {
    const address = newInboundAddress(slugOf('x'.repeat(100)), 'mail.example.org', randomBytes)
    expect(address.split('@')[0]).toHaveLength(64)
    expect(mailAddress(address)).toBe(address)
  })

  it('relay:EML2 the end is ten letters and digits, and bytes that would favour some are not used', () => {
    const bytes = [Array(10).fill(253), [252, 255, 254, 0, 35, 36, 251, 71, 1, 2], Array(10).fill(3)].map((chunk) =>
      Uint8Array.from(chunk),
    )
    const address = newInboundAddress('s', 'd.org', () => bytes.shift() ?? new Uint8Array())
    expect(address).toBe('s-a9a99bcddd@d.org')
    const seen = new Set(Array.from({ length: 200 }, () => newInboundAddress('s', 'd.org', randomBytes).slice(2, 12)).join(''))
    expect(seen.size).toBe(36)
  })
})
