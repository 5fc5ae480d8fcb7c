import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanName, kindName, mayShow } from '../../../../lib/inbox/ui/files.ts'
import { addFiles, typeOf } from '../../../../lib/inbox/ui/outgoing.ts'

const MIB = 1024 * 1024
const file = (name: string, size = 1) => ({ name, size, lastModified: 0 }) as File

describe('names of incoming files', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system.ini', 'system.ini'],
    ['a\u202Efdp.exe', 'afdp.exe'],
    ['line\nbreak\u0000.txt', 'linebreak.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['.bashrc', 'bashrc'],
    ['what?.txt', 'what_.txt'],
    ['Grüße aus 東京.pdf', 'Grüße aus 東京.pdf'],
  ])('client:CAT2 %j is saved as %j', (name, clean) => {
    expect(cleanName(name, 'file')).toBe(clean)
  })

  it('client:CAT2 whatever the name, what is saved is short, in one folder, and without control or direction characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const clean = cleanName(name, 'file')
        expect([...clean].length).toBeLessThanOrEqual(120)
        expect(clean).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069/\\]/u)
        expect(clean).not.toMatch(/^\.*$/)
      }),
    )
  })

  it('client:CAT2 a long name keeps its ending', () => {
    const clean = cleanName(`${'x'.repeat(300)}.tar.gz`, 'file')
    expect(clean).toHaveLength(120)
    expect(clean.endsWith('.gz')).toBe(true)
  })

  it('client:CAT2 only four kinds of image may be asked for a preview', () => {
    const may = (mimeType: string, kind: 'image' | 'file' = 'image') => mayShow({ id: '', filename: '', size: 1, mimeType, kind })
    expect(['image/png', 'image/jpeg', 'image/gif', 'image/webp'].map((type) => may(type))).toEqual([true, true, true, true])
    expect([may('image/svg+xml'), may('text/html')]).toEqual([false, false])
    // Announced before the relay had fetched it: the bytes will tell.
    expect(may('image/png', 'file')).toBe(true)
  })

  it('the line under a name says its kind', () => {
    expect(kindName({ filename: 'a.pdf', mimeType: 'application/pdf' })).toBe('PDF')
    expect(kindName({ filename: 'noending', mimeType: 'text/plain' })).toBe('PLAIN')
  })
})

describe('files to send', () => {
  it('client:CAT6 a fourth and a too large one are refused by name, the rest stays', () => {
    const { chosen, refused } = addFiles([], [file('a'), file('big', 5 * MIB + 1), file('b', 5 * MIB), file('c'), file('d')])
    expect(chosen.map((one) => one.file.name)).toEqual(['a', 'b', 'c'])
    expect(refused).toEqual([
      { name: 'big', why: 'too_large' },
      { name: 'd', why: 'too_many' },
    ])
    expect(addFiles(chosen, [file('e')]).chosen).toHaveLength(3)
  })

  it('client:CAT6 the type follows from the ending', () => {
    expect(['x.PNG', 'x.tar.gz', 'noending', 'x.constructor'].map(typeOf)).toEqual([
      'image/png',
      'application/octet-stream',
      'application/octet-stream',
      'application/octet-stream',
    ])
  })
})
