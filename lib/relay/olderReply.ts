import * as z from 'zod/mini'
import type { ReplyRequest } from '#protocol/message.ts'
import type { RelayClient } from './http.ts'

const answerSchema = z.object({ ok: z.literal(true), responseId: z.optional(z.string()) })

/** POST /reply of an older relay: what it took is all it will ever say. client:LEG3 */
export async function sendOlder(
  client: RelayClient,
  profileId: string,
  body: ReplyRequest,
): Promise<{ responseId: string; state: 'sent' }> {
  const { responseId = '' } = await client.ask(profileId, { method: 'POST', target: '/reply', body }, answerSchema)
  return { responseId, state: 'sent' }
}
