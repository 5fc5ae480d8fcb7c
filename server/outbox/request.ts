import { RelayError } from '#protocol/errors.ts'
import { MAX_REPLY_BYTES } from '#protocol/limits.ts'
import { type Author, authorSchema, type Metadata } from '#protocol/message.ts'
import { sanitiseMembers, sanitiseText } from '../inbox/sanitise.ts'

/** relay:REP11 */
const MAX_CLIENT_ID = 64

/** What a reply asks for, checked and cleaned. `attachments` are still as they came. */
export type WantedReply = {
  channelId: string
  content: string
  metadata: Metadata
  replyTo?: string
  clientId?: string
  by?: Author
  attachments: unknown[]
}

/**
 * The body of POST /reply or a `reply` frame. Each wrong member has its own sentence, which is why this is no schema. Throws invalid_body,
 * missing_field, invalid_field, content_too_large. relay:REP1, REP2, SAN4
 */
export function readReply(body: unknown): WantedReply {
  if (!isObject(body)) throw new RelayError('invalid_body', 'A reply must be a JSON object.')
  const { channelId, content, replyTo, metadata, attachments = [], clientId, by } = body
  if (isMissing(channelId) || content === undefined || content === null) throw missing()
  if (typeof channelId !== 'string') throw invalid('channelId', 'text')
  if (typeof content !== 'string') throw invalid('content', 'text')
  if (!isAbsent(attachments) && !Array.isArray(attachments))
    throw invalid('attachments', 'a list of {filename, mimeType, dataBase64}')
  const files = Array.isArray(attachments) ? attachments : []
  if (content === '' && files.length === 0) throw missing()
  if (!isAbsent(replyTo) && typeof replyTo !== 'string') throw invalid('replyTo', 'the id of a message')
  if (!isAbsent(metadata) && !isObject(metadata)) throw invalid('metadata', 'an object')
  if (!isAbsent(clientId) && !isClientId(clientId)) throw invalid('clientId', `a text of 1 to ${MAX_CLIENT_ID} characters`)
  if (!isAbsent(by) && !isAuthor(by)) throw invalid('by', '"human" or "agent"')
  if (Buffer.byteLength(content) > MAX_REPLY_BYTES) {
    throw new RelayError(
      'content_too_large',
      `A reply may have at most ${MAX_REPLY_BYTES} bytes of text. Send it in several parts.`,
    )
  }
  return {
    channelId,
    content: sanitiseText(content),
    metadata: isObject(metadata) ? sanitiseMembers(metadata) : {},
    ...(typeof replyTo === 'string' && replyTo !== '' && { replyTo: sanitiseText(replyTo) }),
    ...(isClientId(clientId) && { clientId }),
    ...(isAuthor(by) && { by }),
    attachments: files,
  }
}

function missing(): RelayError {
  return new RelayError('missing_field', 'Missing channelId or content')
}

function invalid(name: string, what: string): RelayError {
  return new RelayError('invalid_field', `"${name}" must be ${what}.`)
}

const isAbsent = (value: unknown) => value === undefined || value === null
const isMissing = (value: unknown) => isAbsent(value) || value === ''

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isAuthor(value: unknown): value is Author {
  return authorSchema.safeParse(value).success
}

function isClientId(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= MAX_CLIENT_ID
}
