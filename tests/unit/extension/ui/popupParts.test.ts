import { describe, expect, it } from 'vitest'
import { troubleOf } from '../../../../lib/app/popup/strips.ts'
import { bytesOf } from '../../../../lib/inbox/ui/bytes.ts'
import { conversationHref, placeOf } from '../../../../lib/inbox/ui/places.ts'
import { cut, snippet } from '../../../../lib/inbox/ui/snippet.ts'
import { initials } from '../../../../lib/ui/initials.ts'
import { parseRoute } from '../../../../lib/ui/router.ts'
import { shortCount } from '../../../../lib/ui/shortCount.ts'
import { dayLabel, fileSize, rowTime, secondsLeft } from '../../../../lib/ui/time.ts'

describe('places', () => {
  it.each([
    ['', { view: 'list' }],
    ['#/conversation/tg%3A1', { view: 'conversation', id: 'tg:1' }],
    ['#/conversation/tg%3A1/m%2F1', { view: 'conversation', id: 'tg:1', goal: { messageId: 'm/1' } }],
    ['#/conversation/tg%3A1/ours/c%2F1', { view: 'conversation', id: 'tg:1', goal: { clientId: 'c/1' } }],
    ['#/reply/tg%3A1/m1', { view: 'conversation', id: 'tg:1', begin: 'reply', goal: { messageId: 'm1' } }],
    ['#/reply/tg%3A1', { view: 'conversation', id: 'tg:1', begin: 'reply' }],
    ['#/attach/tg%3A1', { view: 'conversation', id: 'tg:1', begin: 'attach' }],
    ['#/elsewhere/x', { view: 'list' }],
    ['#/conversation/%E0%A4%A', { view: 'conversation', id: '%E0%A4%A' }],
  ])('%s', (hash, place) => {
    expect(placeOf(parseRoute(hash))).toEqual(place)
  })

  it('a link leads back to what it was made of, whatever is in the ids', () => {
    for (const id of ['a/b?c#d:e', 'ü 東', '%2F'])
      for (const goal of [{ messageId: id }, { clientId: id }])
        expect(placeOf(parseRoute(conversationHref(id, goal)))).toEqual({ view: 'conversation', id, goal })
  })
})

describe('small words', () => {
  it('initials', () => {
    expect(['Ada Okafor', '#release-notes', 'ci', 'jonas@weber.example', 'Plato', '東京 太郎', '…', '@ada'].map(initials)).toEqual([
      'AO',
      'RN',
      'ci',
      'jo',
      'P',
      '東太',
      '?',
      'ad',
    ])
  })

  it('counts stop at 99+', () => {
    expect([1, 99, 100, 4_000].map(shortCount)).toEqual(['1', '99', '99+', '99+'])
  })

  it('client:CRP5 bytes are counted as the relay counts them', () => {
    expect(bytesOf('é'.repeat(32_768))).toBe(65_536)
    expect(bytesOf('😀'.repeat(16_384))).toBe(65_536)
    expect(bytesOf('a'.repeat(65_537))).toBe(65_537)
  })

  it('a snippet shows the first hit, in one line and without code fences', () => {
    const text = `${'before '.repeat(30)}\n\`\`\`js\nthe Hotel bill\n\`\`\``
    const pieces = snippet(text, ['hotel'])
    expect(pieces.map(({ text: piece }) => piece).join('')).toMatch(/^….{0,30}the Hotel bill$/)
    expect(pieces.filter(({ hit }) => hit)).toEqual([{ text: 'Hotel', hit: true }])
    const marked = `${'word '.repeat(5_000)}**the** [hotel](https://hotel.test) ${'word '.repeat(5_000)}`
    const shown = (words: string) =>
      snippet(marked, [words])
        .map(({ text: piece }) => piece)
        .join('')
    expect(shown('hotel')).toMatch(/word the hotel word/)
    expect(shown('hotel.test')).toContain('[hotel](https://hotel.test)')
    expect(snippet('a.b', ['.'])).toContainEqual({ text: '.', hit: true })
    expect(snippet('no hit here', ['zzz'])).toEqual([{ text: 'no hit here', hit: false }])
  })

  it.each([
    ['Café in Málaga', ['cafe', 'malaga'], '[Café] in [Málaga]'],
    ['Cafe\u0301s', ['cafe'], '[Cafe\u0301]s'],
    ['ΟΔΌΣ', ['οδος'], 'ΟΔΌΣ'],
    ['Straße, STRASSE', ['strass'], '[Straß]e, [STRASS]E'],
    ['東京都に行く', ['京都'], '東[京都]に行く'],
    ['ガレージ', ['カ'], 'ガレージ'],
    ['İstanbul and ISTANBUL', ['istanbul'], '[İstanbul] and [ISTANBUL]'],
    ['Ｆｕｌｌ width', ['full'], '[Ｆｕｌｌ] width'],
    ['👍🏽 done', ['done'], '👍🏽 [done]'],
    ['banana', ['ana', 'an'], 'b[ana][na]'.replace('[na]', 'na')],
  ])('client:SRC2 hits in %j are marked as they are written there', (text, words, marked) => {
    expect(
      cut(text, words)
        .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
        .join(''),
    ).toBe(marked)
  })
})

describe('times', () => {
  const now = new Date(2025, 11, 1, 14, 10).getTime()
  const ago = (days: number) => new Date(2025, 11, 1 - days, 9, 5).getTime()

  // In the language of the machine that runs this.
  const said = (options: Intl.DateTimeFormatOptions, at: number) => new Intl.DateTimeFormat(undefined, options).format(at)
  const relative = (days: number) => {
    const word = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(-days, 'day')
    return word.charAt(0).toLocaleUpperCase() + word.slice(1)
  }

  it('a row says the hour today, the weekday this week, else the date, with the year when it is another', () => {
    expect(rowTime(ago(0), now)).toBe(said({ timeStyle: 'short' }, ago(0)))
    expect(rowTime(ago(3), now)).toBe(said({ weekday: 'short' }, ago(3)))
    expect(rowTime(ago(20), now)).toBe(said({ day: 'numeric', month: 'short' }, ago(20)))
    expect(rowTime(ago(400), now)).toBe(said({ day: 'numeric', month: 'short', year: 'numeric' }, ago(400)))
  })

  it('a day is called by name while it is near, also over a change of the clocks', () => {
    expect([0, 1].map((days) => dayLabel(ago(days), now))).toEqual([relative(0), relative(1)])
    expect(dayLabel(ago(3), now).toLowerCase()).toBe(said({ weekday: 'long' }, ago(3)).toLowerCase())
    const march = new Date(2025, 2, 30, 23).getTime()
    expect(dayLabel(march, new Date(2025, 2, 31, 1).getTime())).toBe(relative(1))
  })

  it('countdowns never go below zero, sizes have their unit', () => {
    expect([secondsLeft(5_400, 0), secondsLeft(0, 5_000)]).toEqual([6, 0])
    expect(fileSize(214_000)).toMatch(/^214\s?\D+$/)
    expect(fileSize(3_140_000)).toMatch(/^3[.,]1\s?\D+$/)
  })
})

describe('what is wrong with the connection', () => {
  const connection = { profileId: 'p', state: 'connected', since: 0 } as const

  it('client:PIN4 a block is said before anything else, and being offline before what follows from it', () => {
    expect(troubleOf({ ...connection, state: 'blocked', storageFull: true }, false)).toBe('blocked')
    expect(troubleOf({ ...connection, state: 'reconnecting', storageFull: true }, false)).toBe('offline')
    expect(troubleOf({ ...connection, storageFull: true, polling: true }, true)).toBe('full')
    expect(troubleOf(connection, true)).toBeUndefined()
    expect(troubleOf(undefined, true)).toBeUndefined()
  })

  it('client:SOC8 being offline says nothing of a relay on this computer', () => {
    expect(troubleOf({ ...connection, local: true }, false)).toBeUndefined()
    expect(troubleOf({ ...connection, local: true, state: 'reconnecting' }, false)).toBe('reconnecting')
  })

  it('client:SOC5 the reason of a failure is worth a strip once several attempts failed', () => {
    const failing = { ...connection, state: 'reconnecting', reason: 'Relay did not respond' } as const
    expect(troubleOf({ ...failing, retryAt: 2_000 }, true)).toBe('reconnecting')
    expect(troubleOf({ ...failing, retryAt: 20_000 }, true)).toBe('unreached')
  })
})
