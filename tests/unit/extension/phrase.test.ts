import { createECDH, hkdfSync, pbkdf2Sync } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askedPlaces } from '../../../lib/profiles/askedPlaces.ts'
import { exportIdentity } from '../../../lib/profiles/exportIdentity.ts'
import { backupOf } from '../../../lib/profiles/model.ts'
import { firstScalar, keyOfPhrase, makePhrase } from '../../../lib/profiles/phrase.ts'
import { readPhrase, replaceWord } from '../../../lib/profiles/phraseWords.ts'
import { signText, verifyText } from '../../../lib/relay/keys.ts'
import { databaseWithProfile } from './support/database.ts'

/** The words of BIP-39's own test vectors. */
const ABANDON = `${'abandon '.repeat(11)}about`
const LEGAL = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const LETTER = 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above'
const ART = `${'abandon '.repeat(23)}art`

/** The same derivation by Node's own cryptography. */
function independent(phrase: string): { x: string; y: string; seed: string } {
  const seed = pbkdf2Sync(phrase, 'mnemonic', 2048, 64, 'sha512')
  const scalar = Buffer.from(hkdfSync('sha256', seed, 'chaos-relay identity', 'P-256 0', 32))
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(scalar)
  const point = curve.getPublicKey()
  return {
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
    seed: seed.toString('hex'),
  }
}

describe('the key of a phrase', () => {
  it.each([
    [ABANDON, 'edyg4AxqHw3uP3xGKS4v7pW8QgqkVBsFeQaszVxUNJ0'],
    [LEGAL, 'bNjJ57Dn8_XrVz3GUk87bXSlsp-jBnUweCYWibJm6lM'],
    [LETTER, 'uiTk-X-M1H2ocSi6689mkh2kwH9gwz25xiNBxQuj8VI'],
    [ART, 'CdbPJllDbhMr5DcvV0brxPaXLkfPBifLaZXxaU78RwY'],
  ])('client:PHR2 %s gives the same key everywhere', async (phrase, x) => {
    const { publicKey } = await keyOfPhrase(phrase.split(' '))
    expect(publicKey.x).toBe(x)
    expect(publicKey).toMatchObject({ x: independent(phrase).x, y: independent(phrase).y })
  })

  it('client:PHR2 the seed is that of BIP-39, as its authors publish it', () => {
    expect(independent(ABANDON).seed).toBe(
      '5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc19a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4',
    )
  })

  it('client:PHR2 what is no private key of the curve is passed over for the next', async () => {
    const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
    const candidates = [
      order,
      new Uint8Array(32).fill(255),
      new Uint8Array(32),
      new Uint8Array(32).fill(7),
      new Uint8Array(32).fill(8),
    ]
    expect(await firstScalar(async (n) => candidates[n] ?? order)).toEqual(candidates[3])
  })

  it('client:PHR4 signs, cannot leave the browser, and offers no file', async () => {
    const key = await keyOfPhrase(LEGAL.split(' '))
    expect(await verifyText(key.publicKey, 'text', await signText(key.privateKey, 'text'))).toBe(true)
    await expect(crypto.subtle.exportKey('jwk', key.privateKey)).rejects.toThrow()
    expect(backupOf(key)).toBe('phrase')
    const db = await databaseWithProfile('https://relay.test')
    await db.put('identities', { profileId: 'default', ...key, createdAt: 1 })
    await expect(exportIdentity(db, 'default', 'correct horse battery')).rejects.toMatchObject({ code: 'not_exportable' })
  })
})

describe('a phrase', () => {
  it.each([12, 24] as const)('client:PHR1 has %i words of the list with a checksum that holds, never the same ones', (length) => {
    const phrases = Array.from({ length: 20 }, () => makePhrase(length))
    for (const words of phrases) expect(readPhrase(words.join(' '))).toEqual({ state: 'good', words })
    expect(new Set(phrases.map((words) => words.join(' '))).size).toBe(20)
    expect(phrases[0]).toHaveLength(length)
  })

  it('client:PHR6 is read however it was written down', () => {
    const words = LEGAL.split(' ')
    for (const text of [
      `  ${LEGAL.toUpperCase()}\n`,
      words.map((word, index) => `${index + 1}. ${word}`).join('\n'),
      words.join(', '),
      words.join('　'),
      LEGAL.replace('legal', 'légal'),
    ])
      expect(readPhrase(text)).toEqual({ state: 'good', words })
  })

  it('client:PHR6 a word that is not on the list is named by its place, with those probably meant', () => {
    const reading = readPhrase(LEGAL.replace('sausage', 'sausege').replace('yellow', 'yelow'))
    expect(reading).toEqual({
      state: 'unknown',
      wrong: [
        { place: 6, word: 'sausege', likely: ['sausage'] },
        { place: 12, word: 'yelow', likely: ['yellow', 'below', 'allow'] },
      ],
    })
    const nothingLike = readPhrase(LEGAL.replace('year', 'xxxxxxxx'))
    expect(nothingLike).toMatchObject({ state: 'unknown', wrong: [{ place: 4, likely: [] }] })
    expect(readPhrase(LEGAL.replace('winner', 'привет'))).toMatchObject({ wrong: [{ place: 2, word: 'привет' }] })
  })

  it('client:PHR6 the first four letters are enough to know what was meant; neighbours swapped in a word too', () => {
    const wrong = (word: string) => readPhrase(LEGAL.replace('useful', word))
    expect(wrong('usef')).toMatchObject({ wrong: [{ likely: ['useful', 'use', 'used'] }] })
    expect(wrong('usefulness')).toMatchObject({ wrong: [{ likely: ['useful'] }] })
    expect(readPhrase(LEGAL.replace('thank', 'htank'))).toMatchObject({
      wrong: [{ place: 3, likely: expect.arrayContaining(['thank']) }],
    })
  })

  it.each([
    ['', 0],
    ['legal', 1],
    [`${LEGAL} legal`, 13],
    [LEGAL.split(' ').slice(1).join(' '), 11],
    [`${LEGAL} legal winner thank`, 15],
  ])('client:PHR6 a wrong number of words is counted: %j', (text, count) => {
    expect(readPhrase(text)).toEqual({ state: 'length', count })
  })

  it('client:PHR6 words that do not belong together are said so, with the likely slips', () => {
    const slipped = LETTER.replace('cage absurd', 'page absurd')
    const reading = readPhrase(slipped)
    expect(reading.state).toBe('mismatch')
    const likely = reading.state === 'mismatch' ? reading.likely : []
    expect(likely.find(({ place }) => place === 3)?.likely).toContain('cage')
    for (const { place, likely: words } of likely)
      for (const word of words) expect(readPhrase(replaceWord(slipped, place, word)).state).toBe('good')
    expect(readPhrase(LEGAL.replace('legal winner', 'winner legal')).state).toBe('mismatch')
  })

  it('client:PHR6 a suggestion taken changes that word alone and keeps how it was written', () => {
    expect(replaceWord('1. Légal,\n2. winer\n3. thank', 2, 'winner')).toBe('1. Légal,\n2. winner\n3. thank')
    expect(readPhrase(replaceWord(LEGAL.replace('wave', 'wafe'), 5, 'wave')).state).toBe('good')
  })

  it('client:PHR6 never throws and never takes a wrong phrase for a good one, whatever is typed', async () => {
    await fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fc.constantFrom('legal', 'winner', 'zoo', 'x')).map((all) => all.join(' ')),
        ),
        (text) => {
          const reading = readPhrase(text)
          if (reading.state === 'good') expect([12, 24]).toContain(reading.words.length)
        },
      ),
      { numRuns: 300 },
    )
  })
})

it('client:PHR3 three different places are asked, in their order, other ones each time', () => {
  const asked = Array.from({ length: 200 }, () => askedPlaces(12))
  for (const places of asked) {
    expect(new Set(places).size).toBe(3)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
    for (const place of places) expect(place >= 1 && place <= 12).toBe(true)
  }
  expect(new Set(asked.flat()).size).toBe(12)
  expect(new Set(asked.map(String)).size).toBeGreaterThan(50)
})
