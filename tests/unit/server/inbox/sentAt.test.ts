import { describe, expect, it } from 'vitest'
import { isoDate, mailDate, sentAt } from '../../../../server/inbox/sentAt.ts'

describe('when a message was written', () => {
  it.each([
    ['Fri, 21 Nov 1997 09:55:06 -0600', '1997-11-21T15:55:06.000Z'],
    [' 1 Jul 2003 10:52 +0200 ', '2003-07-01T08:52:00.000Z'],
    ['Thu, 13 Feb 2025 23:32:00 +0000 (UTC)', '2025-02-13T23:32:00.000Z'],
    ['Thu, 13 Feb 2025 23:32:00 GMT', '2025-02-13T23:32:00.000Z'],
    ['Thu, 13 Feb 2025 23:32:00 PST', '2025-02-14T07:32:00.000Z'],
  ])('relay:CUR12 the Date %s of a mail', (text, expected) => {
    expect(sentAt(mailDate(text))).toEqual({ sentAt: expected })
  })

  it.each([
    undefined,
    '',
    'yesterday',
    'chapter 7',
    '2025-02-13',
    'Thu, 13 Feb 2025 23:32:00',
    'Thu, 99 Feb 2025 23:32:00 +0000',
    'Thu, 13 Feb 2025 25:61:00 +0000',
    'Thu, 13 Feb 0000 00:00:00 +0000',
    'Thu, 13 Xyz 2025 23:32:00 +0000',
  ])('relay:CUR12 the Date %s of a mail is none', (text) => {
    expect(sentAt(mailDate(text))).toEqual({})
  })

  it('relay:CUR12 a Date that goes on and on is read at once, and none', () => {
    for (const more of ['('.repeat(50_000), ' '.repeat(50_000), `${' '.repeat(50_000)}(x)`, '(x)'.repeat(20_000)])
      expect(sentAt(mailDate(`Thu, 13 Feb 2025 23:32:00 +0000 (${more}`))).toEqual({})
  })

  it('relay:CUR12 times as interfaces write them', () => {
    expect(sentAt(isoDate('2026-03-01T12:00:00.123000+01:00'))).toEqual({ sentAt: '2026-03-01T11:00:00.123Z' })
    for (const text of [null, '', '1', '2026', '2026-03-01', '2026-03-01T12:00:00', '2026-13-01T12:00:00Z'])
      expect(sentAt(isoDate(text)), String(text)).toEqual({})
  })

  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 8.64e15 + 1, 253_402_300_800_000])(
    'relay:CUR12 %s is no time',
    (time) => {
      expect(sentAt(time)).toEqual({})
    },
  )
})
