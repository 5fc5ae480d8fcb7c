/** What a Content-Type header says, as far as it matters here. relay:WH2 */
export type BodyKind = 'json' | 'form' | 'multipart' | 'text'

/** Case does not matter; `application/json` and anything ending in `+json` is JSON. */
export function bodyKind(contentType: string | undefined): BodyKind {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/json' || /^[^/]+\/[^/]+\+json$/.test(type)) return 'json'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  return type === 'multipart/form-data' ? 'multipart' : 'text'
}

/** The body as text in its charset; what cannot be decoded becomes U+FFFD, an unknown charset is read as UTF-8. relay:WH2 */
export function decodeBody(body: Uint8Array, contentType: string | undefined): string {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1]
  return decoderOf(charset).decode(body)
}

function decoderOf(charset: string | undefined): TextDecoder {
  try {
    return new TextDecoder(charset ?? 'utf-8')
  } catch {
    return new TextDecoder()
  }
}
