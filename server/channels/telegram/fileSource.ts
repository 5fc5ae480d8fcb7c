/** What it takes to fetch a file later. The type is kept with it: a download says only that it is bytes. relay:ATT6 */
export type FileSource = { fileId: string; mimeType: string }

/** The text kept with the message. An id of Telegram holds no space. */
export function fileSource({ fileId, mimeType }: FileSource): string {
  return `${fileId} ${mimeType}`
}

export function readFileSource(source: string): FileSource {
  const space = source.indexOf(' ')
  return { fileId: source.slice(0, space), mimeType: source.slice(space + 1) }
}
