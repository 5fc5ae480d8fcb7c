import { mayShow } from './files.ts'
import type { ThreadRow } from './threadRows.ts'

/** Characters in a line of a bubble in the popup. */
const LINE_CHARACTERS = 38
const LINE_PX = 20
const BUBBLE_PX = 26
const FILE_PX = 62
const PICTURE_PX = 216

/** A guess at a row's height before it is measured, so that the scroll bar hardly moves. Pixels. */
export function rowHeight(row: ThreadRow | undefined): number {
  if (row?.kind === 'message') {
    const files = row.message.attachments.reduce((sum, file) => sum + (mayShow(file) ? PICTURE_PX : FILE_PX), 0)
    return words(row.message.content) + files
  }
  if (row?.kind === 'reply') return words(row.reply.content) + (row.reply.state === 'failed' ? LINE_PX : 0)
  return LINE_PX + 4
}

function words(text: string): number {
  if (text === '') return 0
  const shown = text.slice(0, 2_000)
  const lines = shown.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LINE_CHARACTERS)), 0)
  return BUBBLE_PX + lines * LINE_PX
}
