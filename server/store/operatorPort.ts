import type { ReplyRecord } from './port.ts'

/** What the operator's pages ask, over all sessions. */
export type OperatorStore = {
  /** Newest first, from below the `before` of an earlier answer. relay:ADM6 */
  sessions(limit: number, before?: number): Promise<{ sessions: SessionOverview[]; before?: number }>
  session(userId: string): Promise<SessionOverview | undefined>
  /** `waiting`: the queued ones that are next, in the order they fall due. `failures`: of the kept ones, newest first. */
  replies(limit: number): Promise<{ queued: number; failed: number; waiting: ReplyRecord[]; failures: ReplyRecord[] }>
}
export type SessionOverview = {
  userId: string
  createdAt: number
  keyed: boolean
  /** Messages stored, and how many of them no client has acknowledged. */
  stored: number
  unacked: number
  /** Epoch ms of the newest stored message. */
  lastMessageAt?: number
}
