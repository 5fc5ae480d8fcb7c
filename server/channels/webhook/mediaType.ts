import { parse } from 'node:querystring'

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
  return decoderOf(contentType).decode(body)
}

/** The fields of an urlencoded form, the last of a name wins; their bytes are in the form's charset. relay:WH2, WH4 */
export function decodeForm(body: Uint8Array, contentType: string | undefined): Record<string, string> {
  const decoder = decoderOf(contentType)
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  const fields = parse(text, '&', '=', {
    maxKeys: 0,
    decodeURIComponent: (part) => decoder.decode(percentDecoded(part)),
  })
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, lastOf(value)]))
}

/** Characters stand for bytes here; what is no escape stays as written. */
function percentDecoded(latin1: string): Buffer {
  return Buffer.from(
    latin1.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

function lastOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value.at(-1) : value) ?? ''
}

const UTF8 = new TextDecoder()

function decoderOf(contentType: string | undefined): TextDecoder {
  const charset = contentType?.includes(';') ? /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1] : undefined
  if (charset === undefined) return UTF8
  try {
    return new TextDecoder(charset)
  } catch {
    return UTF8
  }
}
