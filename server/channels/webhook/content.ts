import type { Metadata } from '#protocol/message.ts'
import { isShallow } from '../../http/jsonDepth.ts'
import { CHANNEL_METADATA } from '../../inbox/ingest.ts'
import { oneLine } from '../../inbox/sanitise.ts'
import type { Inbound, InboundFile } from '../port.ts'
import { bodyKind, decodeBody, decodeForm } from './mediaType.ts'
import { parseMultipart } from './multipart.ts'

/** relay:WH6 */
const MAX_RAW_BYTES = 32 * 1024
/** relay:WH5 */
const MAX_FROM = 128
const CONTENT_NAMES = ['content', 'text', 'message', 'body']
const SENDER_NAMES = ['from', 'sender', 'username']
/** What only the relay says about a message; a body's own `metadata` cannot. relay:WH6 */
const RELAY_METADATA: ReadonlySet<string> = new Set([
  ...CHANNEL_METADATA,
  'raw',
  'rawOmitted',
  'form',
  'parseError',
  'attachmentsOmitted',
])

type Posted = { body: Uint8Array; contentType: string | undefined; source: string | undefined; prettyJson: boolean }
/** `parsed` where the body had a structure; `size` is its bytes in JSON. */
type Read = { content: string; parsed?: unknown; size: number; metadata: Metadata; files?: InboundFile[] }

/**
 * What a posted body says: content, sender, metadata, files. Nothing is refused for its form. Only multipart bodies take more than one turn.
 * relay:WH2-WH6
 */
export function readPost(posted: Posted): Inbound | Promise<Inbound> {
  const read = readBody(posted)
  return read instanceof Promise ? read.then((body) => toInbound(body, posted.source)) : toInbound(read, posted.source)
}

function toInbound({ content, parsed, size, metadata, files }: Read, source: string | undefined): Inbound {
  const inbound: Inbound = {
    content,
    from: oneLine(source || firstString(parsed, SENDER_NAMES) || '', MAX_FROM) || 'webhook',
    metadata: Object.assign(ownMetadata(parsed), metadata),
  }
  if (parsed !== undefined) {
    if (size <= MAX_RAW_BYTES) inbound.metadata.raw = parsed
    else inbound.metadata.rawOmitted = true
  }
  if (files && files.length > 0) inbound.files = files
  return inbound
}

function readBody({ body, contentType, prettyJson }: Posted): Read | Promise<Read> {
  switch (bodyKind(contentType)) {
    case 'json':
      return readJson(decodeBody(body, contentType), body.byteLength, prettyJson)
    case 'form':
      return readFields(decodeForm(body, contentType), [])
    case 'multipart':
      return readMultipart(body, contentType ?? '')
    case 'text':
      return asText(decodeBody(body, contentType), {})
  }
}

async function readMultipart(body: Uint8Array, contentType: string): Promise<Read> {
  const form = await parseMultipart(body, contentType)
  return form ? readFields(form.fields, form.files) : asText(decodeBody(body, contentType), { parseError: true })
}

function asText(content: string, metadata: Metadata): Read {
  return { content, size: 0, metadata }
}

function readJson(text: string, size: number, pretty: boolean): Read {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return asText(text, { parseError: true })
  }
  // Nobody reads that deep, and walking it would exhaust the stack: it is kept as the text it came as.
  if (!isShallow(parsed)) return asText(text, { rawOmitted: true })
  const whole = () => (pretty ? JSON.stringify(parsed, null, 2) : JSON.stringify(parsed))
  const content = typeof parsed === 'string' ? parsed : (firstString(parsed, CONTENT_NAMES) ?? whole())
  return { content, parsed, size, metadata: {} }
}

function readFields(fields: Record<string, string>, files: InboundFile[]): Read {
  const content = JSON.stringify(fields)
  return { content, parsed: fields, size: Buffer.byteLength(content), metadata: { form: fields }, files }
}

/** The body's own `metadata`, in an object of its own; it lies below everything the relay says. relay:WH6 */
function ownMetadata(parsed: unknown): Metadata {
  const own = isObject(parsed) ? parsed.metadata : undefined
  if (!isObject(own)) return {}
  return Object.fromEntries(Object.entries(own).filter(([name]) => !RELAY_METADATA.has(name)))
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
