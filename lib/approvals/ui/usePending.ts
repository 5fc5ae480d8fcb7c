import { useState } from 'preact/hooks'
import type { Database } from '../../database/open.ts'
import { useLive } from '../../ui/live.ts'
import type { ApprovalRow } from '../model.ts'
import { listPending } from '../queries.ts'

/** Requests that can be decided, the most urgent first; those that run out have to be left out by whoever shows them. */
export function usePending(db: Database, profileId: string): ApprovalRow[] {
  const [none] = useState<ApprovalRow[]>([])
  return useLive(() => listPending(db, profileId, Date.now()), ['approvals'], [db, profileId]).value ?? none
}
