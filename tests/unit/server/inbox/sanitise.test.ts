import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainMimeType } from '../../../../server/http/download.ts'
import { imageType } from '../../../../server/inbox/imageType.ts'
import { cleanFilename, cut, oneLine, sanitiseText, sanitiseValue } from '../../../../server/inbox/sanitise.ts'

const strange = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) })

describe('sanitising', () => {
  it('relay:SAN1 no text keeps what is unwanted, and cleaning twice changes nothing', () => {
    fc.assert(
      fc.property(strange, (text) => {
        const clean = sanitiseText(text)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be gone
        expect(clean).not.toMatch(/[\0-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]/)
        expect(clean.isWellFormed()).toBe(true)
        expect(sanitiseText(clean)).toBe(clean)
      }),
    )
  })

  it('relay:SAN1, SAN2 everything else stays as it is', () => {
    const kept = '<b>&amp;</b> \t\n é 漢字 😀 \x7f\x85 \u200e\u200b "quotes"'
    expect(sanitiseText(kept)).toBe(kept)
    expect(sanitiseText('a\r\nb\r\r\nc\rd')).toBe('a\nb\ncd')
    expect(sanitiseText('\ud800\0\udc00')).toBe('')
  })

  it('relay:SAN1 values are cleaned in depth, numbers and booleans untouched', () => {
    expect(sanitiseValue({ 'a\0': ['\r\n', { b: '\u202e' }, 1, true, null] })).toEqual({
      a: ['\n', { b: '\ufffd' }, 1, true, null],
    })
    expect(Object.keys(sanitiseValue(JSON.parse('{"__proto__":{"x":1},"y":2}')) as object)).toEqual(['y'])
  })

  it('relay:WH5 a line is cut between characters', () => {
    expect(cut('ab😀', 3)).toBe('ab')
    expect(oneLine(' a\n\t b\r\nc ', 10)).toBe('a b c')
    fc.assert(
      fc.property(
        strange,
        fc.integer({ min: 1, max: 20 }),
        (text, max) => oneLine(text, max).length <= max && oneLine(text, max).isWellFormed(),
      ),
    )
  })

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\x.txt', 'x.txt'],
    ['a\r\nb\0.txt', 'ab.txt'],
    ['invoice\u202egpj.exe', 'invoicegpj.exe'],
    ['..', 'file'],
    ['', 'file'],
    ['dir/', 'file'],
    [' \u2028 spaced \u3000 name ', 'spaced name'],
    [`${'x'.repeat(200)}.tar.gz`, `${'x'.repeat(117)}.gz`],
    ['x'.repeat(200), 'x'.repeat(120)],
    ['😀'.repeat(100), '😀'.repeat(60)],
  ])('relay:ATT2 the file name %j becomes %j', (name, clean) => {
    expect(cleanFilename(name)).toBe(clean)
  })

  it('relay:ATT2 any name becomes a short one without path or controls', () => {
    fc.assert(
      fc.property(strange, (name) => {
        const clean = cleanFilename(name)
        expect(clean.length).toBeGreaterThan(0)
        expect(clean.length).toBeLessThanOrEqual(120)
        expect(clean).not.toMatch(/[/\\\p{Cc}\p{Surrogate}\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })

  it('relay:ATT2 four kinds of image are known by their first bytes, nothing else is', () => {
    const bytes = (text: string) => Buffer.from(text, 'latin1')
    expect(imageType(bytes('\x89PNG\r\n\x1a\nrest'))).toBe('image/png')
    expect(imageType(bytes('\xff\xd8\xff\xe0'))).toBe('image/jpeg')
    expect(imageType(bytes('GIF89a'))).toBe('image/gif')
    expect(imageType(bytes('GIF87a'))).toBe('image/gif')
    expect(imageType(bytes('RIFF\0\0\0\0WEBPVP8 '))).toBe('image/webp')
    for (const other of ['', 'G', 'GIF88a', '<svg', 'RIFF\0\0\0\0WAVE', '\x89PNG', 'BM', ' GIF89a', '%PDF'])
      expect(imageType(bytes(other))).toBeUndefined()
  })

  it('relay:ATT4 a media type is plain or octet-stream', () => {
    expect(plainMimeType('Text/HTML; charset=x')).toBe('text/html')
    for (const wrong of ['', 'text', 'text/', '/html', 'text/html\r\nX: y', 'a b/c', 'text/html/x', `${'a'.repeat(200)}/b`])
      expect(plainMimeType(wrong)).toBe('application/octet-stream')
  })
})
