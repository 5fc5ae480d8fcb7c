import type { ComponentChildren } from 'preact'
import { MAX_FILENAME_CHARACTERS } from '#protocol/limits.ts'
import type { Attachment } from '#protocol/message.ts'
import type { InboxMessage } from '../model.ts'

/** A file as its message shows it; the last one carries the time. */
export type FileProps = { message: InboxMessage; file: Attachment; time: ComponentChildren }

/** Types a browser shows safely; SVG is a program. client:CAT2 */
const SHOWN_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/**
 * Worth asking the core for a preview. Whether there is one, it decides by the bytes: a file that the relay fetched after its message was
 * announced as `file`, whatever it is. client:CAT2
 */
export function mayShow(file: Attachment): boolean {
  return SHOWN_TYPES.has(file.mimeType)
}

/** Worth a player: whether it can be played, its bytes decide when it is. client:VCE2 */
export function mayPlay(file: Attachment): boolean {
  return file.mimeType.startsWith('audio/')
}

/** A name fit for a file on disk: no path, no control or direction characters, at most 120 characters, its ending kept. client:CAT2 */
export function cleanName(name: string, fallback: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? ''
  const clean = base
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^\.+|[. ]+$/g, '')
    .trim()
  const characters = [...(clean === '' ? fallback : clean)]
  if (characters.length <= MAX_FILENAME_CHARACTERS) return characters.join('')
  const dot = characters.lastIndexOf('.')
  const ending = dot > 0 && characters.length - dot <= 12 ? characters.slice(dot) : []
  return [...characters.slice(0, MAX_FILENAME_CHARACTERS - ending.length), ...ending].join('')
}

/** PDF, JPEG… for the line under a name. */
export function kindName(file: Pick<Attachment, 'filename' | 'mimeType'>): string {
  const ending = /\.([A-Za-z0-9]{1,5})$/.exec(file.filename)?.[1]
  return (ending ?? file.mimeType.split('/').at(-1) ?? '').toUpperCase()
}
