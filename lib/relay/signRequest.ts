import { requestTextV2 } from '#protocol/signing.ts'
import { sha256Hex, signText } from './keys.ts'

/** `target` as sent, without the relay's prefix; `at` is the relay's time as far as we know it, epoch ms. */
export type ToSign = { nonce: string; method: string; target: string; body: Uint8Array<ArrayBuffer> | undefined; at: number }

/** The headers that prove a request comes from the holder of this key. client:CSG1 */
export async function signRequest(privateKey: CryptoKey, { body, at, ...request }: ToSign): Promise<Record<string, string>> {
  const timestamp = new Date(at).toISOString()
  const text = requestTextV2({ ...request, timestamp, bodyHash: await sha256Hex(body ?? '') })
  return { 'X-Timestamp': timestamp, 'X-Signature-Version': '2', 'X-Signature': await signText(privateKey, text) }
}
