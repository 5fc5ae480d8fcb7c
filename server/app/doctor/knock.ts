import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import type { PublicKeyJwk } from '#protocol/keys.ts'
import { answerText } from '#protocol/signing.ts'

/** What answers at an address. `trouble` is Node's code for why nothing does. */
export type Answered =
  | { who: 'ours'; version: string }
  | { who: 'another relay' }
  | { who: 'something else'; status: number }
  | { who: 'nobody'; trouble: string }

const WITHIN_MS = 10_000

/**
 * Asks GET /health at a base URL for a signed answer and checks it with the relay's own key: an address is right only if it leads to this very
 * relay. relay:SRV1, CLI3
 */
export async function knock(
  baseUrl: string,
  { key, fetch }: { key: PublicKeyJwk; fetch: typeof globalThis.fetch },
): Promise<Answered> {
  const nonce = randomBytes(16).toString('hex')
  let answer: Response
  let body: Buffer
  try {
    answer = await fetch(`${baseUrl}/health`, {
      headers: { 'X-Want-Signature': '1', 'X-Nonce': nonce },
      redirect: 'manual',
      signal: AbortSignal.timeout(WITHIN_MS),
    })
    body = Buffer.from(await answer.arrayBuffer())
  } catch (error) {
    return { who: 'nobody', trouble: troubleOf(error) }
  }
  const signature = answer.headers.get('x-server-signature')
  const version = versionIn(body)
  if (signature === null || version === undefined) return { who: 'something else', status: answer.status }
  const bodyHash = createHash('sha256').update(body).digest('hex')
  const timestamp = answer.headers.get('x-server-timestamp') ?? ''
  const text = answerText({ timestamp, nonce, status: answer.status, bodyHash })
  return isSigned(text, signature, key) ? { who: 'ours', version } : { who: 'another relay' }
}

function isSigned(text: string, signature: string, jwk: PublicKeyJwk): boolean {
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64'))
}

function versionIn(body: Buffer): string | undefined {
  try {
    const said: unknown = JSON.parse(body.toString('utf8'))
    const version = typeof said === 'object' && said !== null && 'version' in said ? said.version : undefined
    return typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}

function troubleOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof Error ? cause.message : String(cause)
}
