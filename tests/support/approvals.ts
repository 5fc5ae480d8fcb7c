import { approvalSchema } from '#protocol/approval.ts'
import type { TestClient } from './client.ts'
import { sha256Hex } from './identity.ts'

/** What a test asks for, and its hash spelled out apart from lib/protocol. */
export const DELETE = { action: 'files.delete', args: { recursive: true, path: '/tmp/ö <b>' } }
export const DELETE_HASH = sha256Hex('{"action":"files.delete","args":{"path":"/tmp/ö <b>","recursive":true}}')

/** Limits out of the way, for tests that are not about them. */
export const NO_APPROVAL_LIMITS = {
  CHAOS_RATE_LIMITS: JSON.stringify(
    Object.fromEntries(['approval', 'approvalWatch', 'wsTicket'].map((key) => [key, { limit: 0, windowSec: 60 }])),
  ),
}

/** Asks and gives the id; anything but 202 fails the test. */
export async function ask(client: TestClient, given: Record<string, unknown> = {}): Promise<string> {
  const answer = await client.post('/approvals', { ...DELETE, kind: 'write', ...given })
  if (answer.status !== 202) throw new Error(`not asked: ${answer.status} ${answer.text}`)
  return answer.json.id
}

export const decision = (id: string, what: 'allow' | 'deny', given: Record<string, unknown> = {}) => ({
  type: 'approval_decision',
  id,
  decision: what,
  argsHash: DELETE_HASH,
  ...given,
})

/** A client with one resumed window. */
export async function withWindow(client: TestClient) {
  return { client, window: await client.openResumed() }
}

/** The approval of an `approval_required` frame, checked as a client checks it. */
export const required = (frame: { type: string; approval?: unknown }) => approvalSchema.parse(frame.approval)
