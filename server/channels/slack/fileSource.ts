/** What it takes to fetch a file later. Of files of other workspaces Slack tells no address at first. relay:ATT6 */
export type FileSource = { id: string; mimeType: string; url: string | undefined }

/** The text kept with the message. Neither an id nor a type nor an address holds a space. */
export function fileSource({ id, mimeType, url }: FileSource): string {
  return [id, mimeType, ...(url === undefined ? [] : [url])].join(' ')
}

export function readFileSource(source: string): FileSource {
  const [id = '', mimeType = '', url] = source.split(' ')
  return { id, mimeType, url }
}
