import * as z from 'zod/mini'
import type { Database } from '../database/open.ts'
import { type Clip, clipKey } from './clipStore.ts'

const words = z.optional(z.string())
const clipSchema = z.object({
  kind: z.enum(['selection', 'link', 'page', 'screenshot', 'words']),
  at: z.number(),
  words,
  title: words,
  url: words,
  picture: words,
})

/** `undefined` once it was put into a draft, or nobody was chosen for it in an hour. */
export async function readClip(db: Database, id: string): Promise<Clip | undefined> {
  const clip = clipSchema.safeParse((await db.get('settings', clipKey(id)))?.value)
  return clip.success ? clip.data : undefined
}

/** What goes into the draft: the words, and where they are from. */
export function clipText({ kind, words: own = '', title = '', url = '' }: Clip): string {
  if (kind === 'words' || kind === 'link') return own
  const lines = kind === 'selection' ? [own, own && url && '', url] : [title, url]
  return lines
    .filter((line, index) => line !== '' || (kind === 'selection' && index === 1))
    .join('\n')
    .trim()
}

/** What was behind it, in the draft after what stands there already. */
export function appended(draft: string, text: string): string {
  return draft.trim() === '' ? text : `${draft.trimEnd()}\n\n${text}`
}

/** Its picture as a file to send. `undefined` when there is none. */
export function clipFile({ picture, at }: Clip): File | undefined {
  const [, type = '', base64 = ''] = /^data:(image\/(?:png|jpeg));base64,(.+)$/.exec(picture ?? '') ?? []
  if (base64 === '') return undefined
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const name = `screenshot-${new Date(at).toISOString().slice(0, 19).replace(/[:T]/g, '-')}.${type === 'image/png' ? 'png' : 'jpg'}`
  return new File([bytes], name, { type })
}
