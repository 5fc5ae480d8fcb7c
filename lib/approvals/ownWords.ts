import type { InboxMessage } from '../inbox/model.ts'

/** A quoted line, a separator, or the mark of a signature. */
const BELOW = /^(?:>|-{2,}\s*\p{L}[\p{L} ]*-{2,}$|_{5,}$|--$)/u
/** The head of a mail that was answered or forwarded: two such lines. */
const HEAD = /^\p{L}[\p{L} -]{0,20}:\s/u
const FROM = /^(?:from|von|de|da|van|fra|från|od):\s/iu
/** The line above a quote that says whose it is; it may be broken in two. */
const ATTRIBUTION = /^[^\n]*(?:\n[^\n]+){0,2}:$/
const WROTE = /\b(?:wrote|schrieb|écrit|escribió|scritto|schreef|skrev|escreveu|napisał(?:\(a\))?)\s*:$/iu
const APP_SIGNATURE =
  /^(?:sent from my [\p{L}\d ]{1,30}|sent (?:from|with) (?:outlook|mail|proton|yahoo|samsung|thunderbird)[\p{L}\d ]{0,30}|get outlook for \p{L}+)\.?$/iu
const MENTION = /^@\S+/

/**
 * What the sender says in this message: of a mail the text above the quote, without the subject line; elsewhere without the bot's name in
 * front, which groups need to reach it. client:APR8
 */
export function ownWords({ channelType, content }: Pick<InboxMessage, 'channelType' | 'content'>, botUsername?: string): string {
  if (channelType === 'email') return aboveQuote(content.replace(/^Subject:[^\n]*\n+/, ''))
  const text = content.trim()
  const name = MENTION.exec(text)?.[0].replace(/[,:]$/, '') ?? ''
  const isBot = botUsername !== undefined && name.toLowerCase() === `@${botUsername.replace(/^@/, '').toLowerCase()}`
  return isBot ? text.slice(name.length) : content
}

function aboveQuote(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  const end = lines.findIndex((_line, index) => isBelow(lines.slice(index)))
  const own = lines.slice(0, end === -1 ? undefined : end)
  while (own.at(-1) === '' || APP_SIGNATURE.test(own.at(-1) ?? '')) own.pop()
  return own.join('\n')
}

/** Whether nothing of the sender's own comes from here on. In doubt it does: more words decide nothing. */
function isBelow(rest: readonly string[]): boolean {
  const [line = '', next = ''] = rest
  if (BELOW.test(line) || (FROM.test(line) && HEAD.test(next))) return true
  return [1, 2, 3].some((count) => {
    const head = rest.slice(0, count).join('\n')
    const below = rest.slice(count).find((one) => one !== '')
    return ATTRIBUTION.test(head) && /[@\d]/.test(head) && (WROTE.test(head) || below?.startsWith('>') === true)
  })
}
