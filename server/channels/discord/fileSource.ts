import * as z from 'zod'

const sourceSchema = z.object({
  url: z.string(),
  mimeType: z.string(),
  channelId: z.string(),
  messageId: z.string(),
  attachmentId: z.string(),
})

/** What it takes to fetch a file later. Discord's addresses end after a day; then the message tells the new one. relay:ATT6 */
export type FileSource = z.infer<typeof sourceSchema>

export function fileSource(source: FileSource): string {
  return JSON.stringify(source)
}

export function readFileSource(text: string): FileSource {
  return sourceSchema.parse(JSON.parse(text))
}
