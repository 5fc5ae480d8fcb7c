import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../../lib/approvals/answer.ts'
import type { ApprovalRow } from '../../../lib/approvals/model.ts'
import { ownWords } from '../../../lib/approvals/ownWords.ts'
import { SUMMARY_CHARACTERS, summarise, visible } from '../../../lib/approvals/visible.ts'
import { promptText, refusal } from '../../../lib/approvals/words.ts'
import { approvalRow } from './support/approvals.ts'

const IDS = ['k7m4px2q', '0123abcd']
const read = (text: string) => readAnswer(text, IDS)
const mail = (text: string) => ownWords({ channelType: 'email', content: `Subject: Re: no\n\n${text}` })

describe('words of an answer', () => {
  it.each(['y', 'yes', 'yep', 'ok', 'okay', 'approve', 'allow', 'sure', 'do it'])(
    'client:APR8 "%s" allows, in any case, with punctuation, beside an id',
    (word) => {
      for (const text of [word, word.toUpperCase(), ` ${word}!! `, `"${word}".`, `${word}\n`])
        expect(read(text)).toEqual({ kind: 'verdict', decision: 'allow' })
      for (const text of [`${word} k7m4px2q`, `${word}, [K7M4PX2Q].`, `k7m4px2q: ${word}`, `${word} k7m4px2q k7m4px2q`])
        expect(read(text)).toEqual({ kind: 'verdict', decision: 'allow', id: 'k7m4px2q' })
    },
  )

  it.each(['n', 'no', 'nope', 'deny', 'stop', 'cancel'])('client:APR8 "%s" refuses', (word) => {
    expect(read(word)).toEqual({ kind: 'verdict', decision: 'deny' })
    expect(read(`${word.toUpperCase()}, k7m4px2q!`)).toEqual({ kind: 'verdict', decision: 'deny', id: 'k7m4px2q' })
  })

  it('client:APR8 figures of an id may be typed as the letters they look like', () => {
    expect(read('yes O123abcd')).toEqual({ kind: 'verdict', decision: 'allow', id: '0123abcd' })
    expect(read('yes OI23ABCD')).toEqual({ kind: 'verdict', decision: 'allow', id: '0123abcd' })
  })

  it.each([
    'ok but not that file',
    'yes please',
    'yes yes',
    'yes, no',
    'no yes k7m4px2q',
    'yes k7m4px2q 0123abcd',
    'yes k7m4px2x',
    'yes 👍',
    'do it now',
    'k7m4px2q',
    'what is k7m4px2q?',
    'stop the car',
  ])('client:APR9 "%s" has more words, or too few, and decides nothing', (text) => {
    expect(read(text)).toEqual({ kind: 'chatter' })
  })

  it.each(['', '...', '👍', 'yess', 'yes1', 'si', "don't", 'please do it', 'not yes', 'the answer is no', 'allowed', 'noo'])(
    'client:APR8 "%s" is no answer at all',
    (text) => {
      expect(read(text)).toEqual({ kind: 'other' })
    },
  )

  it('client:APR8 any text with other letters beside the word decides nothing', () => {
    const letters = fc.stringMatching(/^[\p{L}\p{N}]{1,8}$/u).filter((text) => !IDS.includes(text.toLowerCase()))
    fc.assert(
      fc.property(letters, fc.constantFrom('yes', 'ok', 'no'), (more, word) => {
        expect(read(`${word} ${more}`).kind).not.toBe('verdict')
        expect(read(`${more} ${word}`).kind).not.toBe('verdict')
      }),
    )
  })
})

describe('what a mail itself says', () => {
  const quoted: [string, string][] = [
    ['a quote', 'Yes\n\n> Approval needed [k7m4px2q]: no'],
    ['an attribution', 'Yes\n\nOn Sun, 1 Mar 2026 at 12:00, Relay <relay@in.example> wrote:\n> no'],
    [
      'an attribution in two lines',
      'Yes\n\nOn Sun, 1 Mar 2026 at 12:00, A Relay With A Long Name\n<relay@in.example> wrote:\n\n> no',
    ],
    ['a German one', 'Yes\n\nAm 01.03.2026 um 12:00 schrieb Relay <relay@in.example>:\n> no'],
    ['an original below a line', 'Yes\n\n-----Original Message-----\nno'],
    ['the head of the mail before', 'Yes\n\nFrom: Relay\nSent: Sunday\nTo: Ada\nSubject: x\n\nno'],
    ['a long line', 'Yes\n\n________________________________\nFrom: x\nno'],
    ['a signature', 'Yes.\n\n-- \nAda Okafor\nHead of no'],
    ['the signature of an app', 'Yes\n\nSent from my iPhone'],
    ['carriage returns', 'Yes\r\n\r\n> no\r\n'],
  ]
  it.each(quoted)('client:APR8 stands above %s', (_name, text) => {
    expect(read(mail(text))).toEqual({ kind: 'verdict', decision: 'allow' })
  })

  it.each([
    ['words below', 'Yes\n\nbut not that file'],
    ['a second thought that looks like an attribution', 'Yes\nOn second thought:\nno'],
    ['an answer below the quote', '> Approval needed\n\nYes'],
    ['only a quote', '> yes k7m4px2q'],
    ['a sentence about where it was sent from', 'Yes\nSent from the wrong account, do not do it'],
    ['nothing', ''],
  ])('client:APR8, APR9 %s decides nothing', (_name, text) => {
    expect(read(mail(text)).kind).not.toBe('verdict')
  })

  it('client:APR8 the subject decides nothing, and says nothing against it', () => {
    expect(read(ownWords({ channelType: 'email', content: 'Subject: yes k7m4px2q\n\nhello' }))).toEqual({ kind: 'other' })
    expect(read(ownWords({ channelType: 'email', content: 'Subject: \n\nyes k7m4px2q' }))).toMatchObject({ decision: 'allow' })
  })

  it('client:APR8 in a group the bot’s own name may stand in front, nobody else’s', () => {
    const said = (content: string) => read(ownWords({ channelType: 'slack', content }, 'desk_bot'))
    expect(said('@desk_bot yes k7m4px2q')).toMatchObject({ decision: 'allow' })
    expect(said('@Desk_Bot: no')).toMatchObject({ decision: 'deny' })
    expect(said('@desk_bot2 yes').kind).not.toBe('verdict')
    expect(said('@ada yes').kind).not.toBe('verdict')
  })
})

describe('what is asked', () => {
  const prompt = (args: unknown, more: Partial<ApprovalRow> = {}) =>
    promptText(approvalRow({ id: 'k7m4px2q', action: 'files.delete', args, expiresAt: 300_000, ...more }), 0)

  it('client:APR5 reads as agreed', () => {
    expect(prompt({ path: '/tmp/x', recursive: true })).toBe(
      'Approval needed [k7m4px2q]: the agent wants to run files.delete: path: "/tmp/x", recursive: true. Reply "yes k7m4px2q" or "no k7m4px2q". Refused in 5 minutes without an answer.',
    )
    expect(prompt({})).toContain('files.delete: no arguments. Reply')
    expect(prompt([1], { expiresAt: 60_000 })).toContain(
      'files.delete: [1]. Reply "yes k7m4px2q" or "no k7m4px2q". Refused in 1 minute without',
    )
  })

  it('client:APR5 is one line of at most 300 characters of arguments in which nothing hides', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (args) => {
        const { text, whole } = summarise(args)
        expect(text.length).toBeLessThanOrEqual(SUMMARY_CHARACTERS)
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        if (!whole) expect(text.endsWith('…')).toBe(true)
      }),
    )
    expect(summarise({ to: 'a\u202eb\u200bc\nd' }).text).toBe('to: "a\\u202eb\\u200bc\\nd"')
    expect(summarise({ 'x". Reply "yes': 1 }).text).toBe('"x\\". Reply \\"yes": 1')
    expect(summarise({ note: 'x'.repeat(400) })).toMatchObject({ whole: false })
    expect(summarise({ note: `${'x'.repeat(292)}😀 and more` }).text.isWellFormed()).toBe(true)
    expect(visible('a\u{e0041}b')).toBe('a\\u{e0041}b')
  })

  it('client:APR14 a refusal tells the agent what to do', () => {
    const row = approvalRow({ action: 'files.delete' })
    expect(refusal(row, 'telegram')).toBe('The user refused this files.delete over Telegram. Do not retry; ask what to do instead.')
    expect(refusal(row, 'popup')).toBe('The user refused this files.delete over the popup. Do not retry; ask what to do instead.')
  })
})
