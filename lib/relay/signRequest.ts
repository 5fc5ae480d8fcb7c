import { requestTextV1, requestTextV2 } from '#protocol/signing.ts'
import { sha256Hex, signText } from './keys.ts'

/** `target` as sent, without the relay's prefix; `at` is the relay's time as far as we know it, epoch ms. */
export type ToSign = {
  nonce: string
  method: string
  target: string
  body: Uint8Array<ArrayBuffer> | undefined
  at: number
  /** In the way of older relays, which cover neither method nor query. client:LEG1 */
  older?: boolean | undefined
}

/** The headers that prove a request comes from the holder of this key. client:CSG1, CSG5 */
export async function signRequest(privateKey: CryptoKey, { body, at, older, ...request }: ToSign): Promise<Record<string, string>> {
  const timestamp = new Date(at).toISOString()
  const parts = { ...request, timestamp, bodyHash: await sha256Hex(body ?? ''), pathname: pathOf(request.target) }
  const signature = await signText(privateKey, older ? requestTextV1(parts) : requestTextV2(parts))
  const version: Record<string, string> = older ? { 'X-Nonce': request.nonce } : { 'X-Signature-Version': '2' }
  return { 'X-Timestamp': timestamp, 'X-Signature': signature, ...version }
}

export function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? target
}
