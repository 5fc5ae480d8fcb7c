/** The store's part about approvals; as everywhere in port.ts each method is one durable step. */

export type NewApproval = {
  id: string
  userId: string
  action: string
  args: unknown
  argsHash: string
  kind: 'read' | 'write'
  channelId?: string | undefined
  conversation?: string | undefined
  agentId?: string | undefined
  createdAt: number
  expiresAt: number
}

export type Verdict = { state: 'allowed' | 'denied'; decidedBy: string; reason?: string }

/** As stored: that its time has run out shows by `expiresAt` alone until `denyOverdue` has come by. */
export type ApprovalRecord = NewApproval & {
  state: 'pending' | 'allowed' | 'denied' | 'used'
  decidedBy?: string
  reason?: string
  decidedAt?: number
  usedAt?: number
}

export type ApprovalStore = {
  /** `taken`: the session has one of this id. `full`: it has `maxPending` that wait. With a verdict it is decided from the start. relay:APV1 */
  add(approval: NewApproval, maxPending: number, verdict?: Verdict): Promise<'added' | 'taken' | 'full'>
  /** The first decision about a pending one, with its hash and in time, is `decided`; all others change nothing. relay:APV3 */
  decide(
    wanted: { userId: string; id: string; argsHash: string; verdict: Verdict },
    now: number,
  ): Promise<{ outcome: 'decided' | 'already' | 'mismatch' | 'expired'; approval: ApprovalRecord } | undefined>
  /** Spends an allowed one. Of any number of calls exactly one is `used`. relay:APV4 */
  use(
    wanted: { userId: string; id: string; argsHash: string },
    now: number,
  ): Promise<{ outcome: 'used' | 'already' | 'mismatch' | 'expired' | 'denied' | 'pending'; approval: ApprovalRecord } | undefined>
  /** Denies what is pending beyond its time and gives those back. relay:APV4 */
  denyOverdue(verdict: Verdict & { state: 'denied' }, now: number): Promise<ApprovalRecord[]>
  byId(userId: string, id: string): Promise<ApprovalRecord | undefined>
  /** Of every session, oldest first: once at start. */
  pending(): Promise<ApprovalRecord[]>
  /** Made after `since`, newest first, below the one with id `before`. relay:APV2 */
  list(userId: string, page: { since: number; before?: string; limit: number }): Promise<ApprovalRecord[]>
}
