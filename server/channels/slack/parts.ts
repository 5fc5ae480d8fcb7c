import type { ReplyRecord } from '../../store/port.ts'
import { markdownRuns } from '../markdown/markdownRuns.ts'
import { renderRuns } from '../markdown/runs.ts'
import { splitRuns } from '../markdown/splitRuns.ts'
import type { Part } from '../port.ts'
import { escapeMrkdwn, forSlack, mrkdwn } from './mrkdwn.ts'

/** UTF-16 units of one message, with its marks and entities. relay:SL5 */
const LONGEST_TEXT = 4000

export function isPlain(reply: ReplyRecord): boolean {
  return reply.metadata.format === 'plain'
}

/** The texts of a reply, then its files, one call each. The same reply always gives the same parts. relay:REP9, SL5 */
export function slackParts(reply: ReplyRecord): Part[] {
  const runs = isPlain(reply) ? [{ text: reply.content, tags: [] }] : forSlack(markdownRuns(reply.content, mrkdwn))
  const chunks = splitRuns(runs, { limit: LONGEST_TEXT, encode: escapeMrkdwn })
  const texts = chunks.map((chunk, index): Part => ({ kind: 'text', text: renderRuns(chunk, escapeMrkdwn), index }))
  const files = reply.attachments.map((_, file): Part => ({ kind: 'file', file, index: texts.length + file }))
  const nothing = texts.length + files.length === 0
  return nothing ? [{ kind: 'text', text: reply.content.slice(0, LONGEST_TEXT), index: 0 }] : [...texts, ...files]
}
