import type * as z from 'zod/mini'
import { MAX_ATTACHMENT_BYTES } from '#protocol/limits.ts'
import { readAtMost } from '../readAtMost.ts'
import type { MailSender } from './outgoingMail.ts'
import { fileLinkSchema, filesSchema, mailSchema, pageSchema, refusalSchema, sentSchema } from './resendModel.ts'
import { resendTrouble } from './resendTrouble.ts'
import type { TroubleKind } from './trouble.ts'

/** Enough to hand over 20 MB of attachments on a slow line. */
const SEND_WITHIN_MS = 60_000
const READ_WITHIN_MS = 20_000
/** Of a mail 1 MiB of text and 1 MiB of HTML are kept; more than this is not even read. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024
/** The most a page of the list may have. */
const PAGE_SIZE = 100

export type Resend = ReturnType<typeof createResend>

/** Resend's API. Every failure is a ProviderTrouble. `apiRoot` has no slash at the end; `stop` ends every call under way. */
export function createResend({
  apiKey,
  apiRoot,
  fetch,
  stop,
}: {
  apiKey: string
  apiRoot: string
  fetch: typeof globalThis.fetch
  stop: AbortSignal
}) {
  const headers = { Authorization: `Bearer ${apiKey}`, 'User-Agent': 'chaos-relay', Accept: 'application/json' }

  async function request(url: string, init: RequestInit, withinMs: number): Promise<Response> {
    try {
      return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.any([stop, AbortSignal.timeout(withinMs)]) })
    } catch (cause) {
      throw resendTrouble({ kind: 'unreachable' }, cause)
    }
  }

  async function call<S extends z.ZodMiniType>(path: string, schema: S, init: RequestInit = {}, withinMs = READ_WITHIN_MS) {
    const answer = await request(`${apiRoot}${path}`, { ...init, headers: { ...headers, ...init.headers } }, withinMs)
    const body = parsed(await bytesOf(answer, MAX_ANSWER_BYTES))
    if (!answer.ok) throw resendTrouble(refusal(answer, body))
    const read = schema.safeParse(body)
    if (!read.success) throw resendTrouble({ kind: 'unreachable' }, read.error)
    return read.data as z.infer<S>
  }

  /** The same key sends at most one mail within 24 hours. */
  const sender: MailSender = {
    recognisesRepeats: true,
    send(mail, key) {
      const init = {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
        body: JSON.stringify(mail),
      }
      return call('/emails', sentSchema, init, SEND_WITHIN_MS)
    },
  }

  return {
    ...sender,

    /** A page of the received mail, newest first; `after` is the id of the last one of the page before. */
    async received(after?: string): Promise<{ entries: unknown[]; more: boolean }> {
      const page = await call(
        `/emails/receiving?limit=${PAGE_SIZE}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`,
        pageSchema,
      )
      return { entries: page.data, more: page.has_more === true }
    },

    /** One received mail; pictures inside its HTML are data URLs, or left as `cid:` references. */
    mail: (id: string, pictures: 'data_uri' | 'cid') =>
      call(`/emails/receiving/${encodeURIComponent(id)}?html_format=${pictures}`, mailSchema),

    /** What is attached to a mail, with sizes. */
    files: (mailId: string) => call(`/emails/receiving/${encodeURIComponent(mailId)}/attachments?limit=${PAGE_SIZE}`, filesSchema),

    /** The bytes of one attachment, by a fresh link; only from the API's own address and Resend's file hosts. relay:ATT6 */
    async file(mailId: string, fileId: string): Promise<{ bytes: Uint8Array; mimeType?: string }> {
      const path = `/emails/receiving/${encodeURIComponent(mailId)}/attachments/${encodeURIComponent(fileId)}`
      const link = await call(path, fileLinkSchema)
      if (!isFileHost(link.download_url, apiRoot)) throw resendTrouble({ kind: 'refused', reason: 'The file lies elsewhere.' })
      const answer = await request(link.download_url, {}, SEND_WITHIN_MS)
      const bytes = await bytesOf(answer, MAX_ATTACHMENT_BYTES)
      // A link may be worn out; whether the file is gone is said when a fresh one is asked for.
      if (!answer.ok) throw resendTrouble({ kind: 'unreachable' })
      return { bytes, ...(link.content_type && { mimeType: link.content_type }) }
    },
  }
}

function isFileHost(link: string, apiRoot: string): boolean {
  if (!URL.canParse(link)) return false
  const { origin, protocol, hostname } = new URL(link)
  return origin === new URL(apiRoot).origin || (protocol === 'https:' && /(?:^|\.)resend\.(?:com|app)$/.test(hostname))
}

async function bytesOf(answer: Response, maxBytes: number): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined
  try {
    bytes = await readAtMost(answer, maxBytes)
  } catch (cause) {
    throw resendTrouble({ kind: 'unreachable' }, cause)
  }
  if (!bytes) throw resendTrouble({ kind: 'tooLarge' })
  return bytes
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}

/** What a refusal means. Names and statuses: resend.com/docs/api-reference/errors. */
function refusal(answer: Response, body: unknown): TroubleKind {
  const { name, message } = refusalSchema.safeParse(body).data ?? {}
  if (name === 'restricted_api_key') return { kind: 'restricted' }
  if (answer.status === 401 || name === 'invalid_api_key') return { kind: 'unauthorised' }
  if (name === 'invalid_idempotent_request') return { kind: 'repeated' }
  if (name === 'concurrent_idempotent_requests' || answer.status === 408) return { kind: 'unreachable' }
  if (answer.status === 404) return { kind: 'missing' }
  if (answer.status === 429) {
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
    return { kind: 'tooFast', ...(seconds >= 0 && { retryAfterMs: seconds * 1000 }) }
  }
  if (answer.status >= 500) return { kind: 'unreachable' }
  return { kind: 'refused', reason: (message ?? `status ${answer.status}`).slice(0, 300) }
}
