import type { ReplyRecord } from '../../store/port.ts'
import { markdownRuns } from '../markdown/markdownRuns.ts'
import { plainText, type Run, renderRuns } from '../markdown/runs.ts'
import { splitRuns } from '../markdown/splitRuns.ts'
import type { Part } from '../port.ts'
import { escapeHtml, telegramHtml } from './html.ts'

/** UTF-16 units of one Telegram message. Telegram counts without tags; with them we are always below. relay:TG10 */
const LONGEST_TEXT = 4096

/** relay:TG9 */
export function isPlain(reply: ReplyRecord): boolean {
  return reply.metadata.format === 'plain'
}

/** The texts of a reply, then its files, one call each. The same reply always gives the same parts. relay:REP9, TG10 */
export function telegramParts(reply: ReplyRecord): Part[] {
  const encode = isPlain(reply) ? asIs : escapeHtml
  const texts = chunks(reply).map((chunk, index): Part => ({ kind: 'text', text: renderRuns(chunk, encode), index }))
  const files = reply.attachments.map((_, file): Part => ({ kind: 'file', file, index: texts.length + file }))
  return [...texts, ...files]
}

/** The same part without markup, for when Telegram cannot read ours. relay:TG9 */
export function plainPart(reply: ReplyRecord, index: number): string {
  return plainText(chunks(reply)[index] ?? [])
}

function chunks(reply: ReplyRecord): Run[][] {
  const plain = isPlain(reply)
  const runs = plain ? [{ text: reply.content, tags: [] }] : markdownRuns(reply.content, telegramHtml)
  const parts = splitRuns(runs, { limit: LONGEST_TEXT, encode: plain ? asIs : escapeHtml })
  const nothing = parts.length === 0 && reply.attachments.length === 0
  return nothing ? [[{ text: reply.content.slice(0, LONGEST_TEXT), tags: [] }]] : parts
}

const asIs = (text: string) => text
