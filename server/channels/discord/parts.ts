import type { ReplyRecord } from '../../store/port.ts'
import { markdownRuns } from '../markdown/markdownRuns.ts'
import { type Run, renderRuns } from '../markdown/runs.ts'
import { splitRuns } from '../markdown/splitRuns.ts'
import type { Part } from '../port.ts'
import { discordMarkdown } from './dialect.ts'
import { literalRuns } from './literal.ts'

/** Characters of one Discord message. UTF-16 units are never fewer. relay:DC8 */
const LONGEST_TEXT = 2000

/** The texts of a reply, then its files, one call each. The same reply always gives the same parts. relay:REP9, DC8 */
export function discordParts(reply: ReplyRecord): Part[] {
  const texts = chunks(reply).map((chunk, index): Part => ({ kind: 'text', text: renderRuns(chunk, asIs), index }))
  const files = reply.attachments.map((_, file): Part => ({ kind: 'file', file, index: texts.length + file }))
  return [...texts, ...files]
}

function chunks(reply: ReplyRecord): Run[][] {
  const plain = reply.metadata.format === 'plain'
  const runs = plain ? [{ text: reply.content, tags: [] }] : markdownRuns(reply.content, discordMarkdown)
  const parts = splitRuns(literalRuns(runs), { limit: LONGEST_TEXT, encode: asIs })
  const nothing = parts.length === 0 && reply.attachments.length === 0
  return nothing ? [[{ text: reply.content.slice(0, LONGEST_TEXT), tags: [] }]] : parts
}

/** Escapes are runs of their own by now. */
const asIs = (text: string) => text
