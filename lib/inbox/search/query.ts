import { fold } from './fold.ts'

/** What is searched for. Words and filters all have to fit; several of one filter mean either. client:SRC1, SRC3 */
export type Query = {
  words: string[]
  from: string[]
  in: string[]
  file: boolean
  unread: boolean
  /** Epoch ms: earlier than `before`, not earlier than `since`. */
  before?: number
  since?: number
  /** Filters that say nothing this version understands, as they were written. */
  unreadable: string[]
}

/** `name:value`, `name:"a value"`, `"a phrase"`, or a word. A quote that is still open while typing ends with the text. */
const PART = /(?:([a-z]+):)?"([^"]*)(?:"|$)|(\S+)/gi
const FILTER = /^(from|in|has|is|before|after):(.*)$/i
const DATE = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/

/** Reads what was typed. A filter without a value is still being typed, and says nothing yet. */
export function readQuery(text: string): Query {
  const query: Query = { words: [], from: [], in: [], file: false, unread: false, unreadable: [] }
  for (const [whole, name, quoted, plain = ''] of text.matchAll(PART)) {
    const filter = quoted === undefined ? FILTER.exec(plain) : name ? FILTER.exec(`${name}:${quoted}`) : null
    if (filter?.[1]) {
      const value = fold(filter[2] ?? '').trim()
      if (value !== '' && !addFilter(query, filter[1].toLowerCase(), value)) query.unreadable.push(whole)
      continue
    }
    const word = fold(quoted === undefined ? plain : name ? `${name}:${quoted}` : quoted)
      .replace(/\s+/g, ' ')
      .trim()
    if (word !== '') query.words.push(word)
  }
  return query
}

/** Whether there is anything to look for. */
export function isEmpty({ words, from, in: places, file, unread, before, since }: Query): boolean {
  return words.length + from.length + places.length === 0 && !file && !unread && before === undefined && since === undefined
}

function addFilter(query: Query, name: string, value: string): boolean {
  switch (name) {
    case 'from':
    case 'in':
      query[name].push(value)
      return true
    case 'has':
      if (value !== 'file') return false
      query.file = true
      return true
    case 'is':
      if (value !== 'unread') return false
      query.unread = true
      return true
    default: {
      const day = readDay(value)
      if (!day) return false
      if (name === 'before') query.before = day.start
      else query.since = day.end
      return true
    }
  }
}

/** A year, month or day in the reader's time zone. `before:` ends where it starts, `after:` begins where it ends. */
function readDay(text: string): { start: number; end: number } | undefined {
  const date = DATE.exec(text)
  if (!date) return undefined
  const [year, month, day] = [Number(date[1]), Number(date[2] ?? 1), Number(date[3] ?? 1)]
  const start = new Date(year, month - 1, day)
  if (start.getMonth() !== month - 1 || start.getDate() !== day) return undefined
  const end = date[3] ? new Date(year, month - 1, day + 1) : date[2] ? new Date(year, month, 1) : new Date(year + 1, 0, 1)
  return { start: start.getTime(), end: end.getTime() }
}
