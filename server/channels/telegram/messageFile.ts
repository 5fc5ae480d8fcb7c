import type { TelegramFile, TelegramMessage } from './update.ts'

/** The file of a message: what kind, a name, and Telegram's handle for fetching it. `size` in bytes, 0 when Telegram does not say. */
export type MessageFile = { kind: FileKind; fileId: string; filename: string; mimeType: string; size: number }

/** In this order: an animation comes with a document of the same file. What Telegram says about the type comes before `mimeType`. */
const FILE_KINDS = {
  animation: { mimeType: 'video/mp4', extension: 'mp4' },
  document: { mimeType: 'application/octet-stream', extension: 'bin' },
  voice: { mimeType: 'audio/ogg', extension: 'ogg' },
  audio: { mimeType: 'audio/mpeg', extension: 'mp3' },
  video: { mimeType: 'video/mp4', extension: 'mp4' },
  video_note: { mimeType: 'video/mp4', extension: 'mp4' },
  live_photo: { mimeType: 'video/mp4', extension: 'mp4' },
  photo: { mimeType: 'image/jpeg', extension: 'jpg' },
  sticker: { mimeType: 'image/webp', extension: 'webp' },
} as const
export type FileKind = keyof typeof FILE_KINDS

/** A message holds at most one file; several sent together arrive as messages of one media group. relay:TG7 */
export function messageFile(message: TelegramMessage): MessageFile | undefined {
  for (const kind of Object.keys(FILE_KINDS) as FileKind[]) {
    const file = kind === 'photo' ? largest(message.photo ?? []) : message[kind]
    if (!file) continue
    const { mimeType, extension } = FILE_KINDS[kind]
    return {
      kind,
      fileId: file.file_id,
      filename: file.file_name ?? `${kind}-${message.message_id}.${extension}`,
      mimeType: file.mime_type ?? mimeType,
      size: file.file_size ?? 0,
    }
  }
  return undefined
}

function largest(sizes: NonNullable<TelegramMessage['photo']>): TelegramFile | undefined {
  return sizes.toSorted((a, b) => b.width * b.height - a.width * a.height)[0]
}
