/** client:APR8 */
const ALLOW = ['y', 'yes', 'yep', 'ok', 'okay', 'approve', 'allow', 'sure', 'do it']
const DENY = ['n', 'no', 'nope', 'deny', 'stop', 'cancel']

export type Answer =
  /** The whole message is an answer, with or without the id of a request. */
  | { kind: 'verdict'; decision: 'allow' | 'deny'; id?: string }
  /** An answer and more words, which decide nothing. client:APR9 */
  | { kind: 'chatter' }
  | { kind: 'other' }

/**
 * What a message says to the requests of these ids. Only a whole answer counts: a word of the lists, in any case, beside at most one id and
 * punctuation. client:APR7, APR8, APR9
 */
export function readAnswer(text: string, ids: readonly string[]): Answer {
  const tokens = text
    .toLowerCase()
    .replace(/[\p{P}\s]+/gu, ' ')
    .trim()
    .split(' ')
  const named = new Set<string>()
  const words: string[] = []
  for (const token of tokens) {
    const id = ids.find((one) => one === token || one === asTyped(token))
    if (id === undefined || isWord(token)) words.push(token)
    else named.add(id)
  }
  const decision = decisionOf(words.join(' '))
  const [id, another] = named
  if (decision && another === undefined) return { kind: 'verdict', decision, ...(id !== undefined && { id }) }
  const begins = decisionOf(words[0] ?? '') ?? decisionOf(words.slice(0, 2).join(' '))
  return begins || named.size > 0 ? { kind: 'chatter' } : { kind: 'other' }
}

function decisionOf(words: string): 'allow' | 'deny' | undefined {
  if (ALLOW.includes(words)) return 'allow'
  return DENY.includes(words) ? 'deny' : undefined
}

const isWord = (token: string): boolean => decisionOf(token) !== undefined

/** Ids have no o, i, l: whoever types one means the figure. */
function asTyped(token: string): string {
  return token.replaceAll('o', '0').replace(/[il]/g, '1')
}
