import type { Metadata } from '#protocol/message.ts'
import type { Inbound, InboundFile } from '../port.ts'
import { bodyKind, decodeBody } from './mediaType.ts'
import { parseMultipart } from './multipart.ts'

/** relay:WH6 */
const MAX_RAW_BYTES = 32 * 1024
/** relay:WH5 */
const MAX_FROM = 128
const CONTENT_NAMES = ['content', 'text', 'message', 'body']
const SENDER_NAMES = ['from', 'sender', 'username']

type Posted = { body: Uint8Array; contentType: string | undefined; source: string | undefined; prettyJson: boolean }
type Read = { content: string; parsed?: unknown; metadata: Metadata; files?: InboundFile[] }

/** What a posted body says: content, sender, metadata, files. Nothing is refused for its form. relay:WH2-WH6 */
export async function readPost(posted: Posted): Promise<Inbound> {
  const { content, parsed, metadata, files } = await read(posted)
  return {
    content,
    from: sender(posted.source, parsed),
    metadata: { ...ownMetadata(parsed), ...metadata, ...raw(parsed) },
    ...(files && files.length > 0 && { files }),
  }
}

async function read({ body, contentType, prettyJson }: Posted): Promise<Read> {
  switch (bodyKind(contentType)) {
    case 'json':
      return readJson(decodeBody(body, contentType), prettyJson)
    case 'form':
      return readFields(Object.fromEntries(new URLSearchParams(decodeBody(body, contentType))), [])
    case 'multipart': {
      const form = await parseMultipart(body, contentType ?? '')
      return form ? readFields(form.fields, form.files) : { content: decodeBody(body, contentType), metadata: { parseError: true } }
    }
    case 'text':
      return { content: decodeBody(body, contentType), metadata: {} }
  }
}

function readJson(text: string, pretty: boolean): Read {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return { content: text, metadata: { parseError: true } }
  }
  const whole = () => (pretty ? JSON.stringify(parsed, null, 2) : JSON.stringify(parsed))
  const content = typeof parsed === 'string' ? parsed : (firstString(parsed, CONTENT_NAMES) ?? whole())
  return { content, parsed, metadata: {} }
}

function readFields(fields: Record<string, string>, files: InboundFile[]): Read {
  return { content: JSON.stringify(fields), parsed: { ...fields }, metadata: { form: { ...fields } }, files }
}

/** relay:WH5; the core cleans and the last cut is here. */
function sender(source: string | undefined, parsed: unknown): string {
  const line = (source || firstString(parsed, SENDER_NAMES) || '').replace(/\s+/g, ' ').trim()
  return Array.from(line).slice(0, MAX_FROM).join('').slice(0, MAX_FROM) || 'webhook'
}

/** The body's own `metadata` lies below everything the relay says. relay:WH6 */
function ownMetadata(parsed: unknown): Metadata {
  const own = isObject(parsed) ? parsed.metadata : undefined
  return isObject(own) ? own : {}
}

function raw(parsed: unknown): Metadata {
  if (parsed === undefined) return {}
  return Buffer.byteLength(JSON.stringify(parsed)) <= MAX_RAW_BYTES ? { raw: parsed } : { rawOmitted: true }
}

function firstString(value: unknown, names: readonly string[]): string | undefined {
  if (!isObject(value)) return undefined
  for (const name of names) {
    const found = Object.hasOwn(value, name) ? value[name] : undefined
    if (typeof found === 'string' && found !== '') return found
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
