import { listPending } from '../approvals/queries.ts'
import type { Database } from '../database/open.ts'
import { countUnread } from '../inbox/unread.ts'
import { listProfiles } from '../profiles/queries.ts'
import { readConnection } from '../relay/queries.ts'
import type { Connection } from '../relay/state.ts'
import { useLive } from '../ui/live.ts'

/** A profile as lists of them show it: what waits in it, and how its own connection is. client:PRF3 */
export type ProfileRow = {
  id: string
  name: string
  unread: number
  /** Approvals to decide. */
  asking: number
  connection: Connection | undefined
}

async function readProfileRows(db: Database): Promise<ProfileRow[]> {
  const rows = (await listProfiles(db)).map(async ({ id, name }) => {
    const now = Date.now()
    const [unread, pending, connection] = await Promise.all([
      countUnread(db, id, now),
      listPending(db, id, now),
      readConnection(db, id),
    ])
    return { id, name, unread, asking: pending.length, connection }
  })
  return Promise.all(rows)
}

/** `undefined` until read. */
export function useProfileRows(db: Database): ProfileRow[] | undefined {
  return useLive(() => readProfileRows(db), ['profiles', 'messages', 'marks', 'approvals', 'connection'], [db]).value
}

/** States in which nothing comes in until the user decides something. client:INB2 */
const NEEDY: readonly Connection['state'][] = ['blocked', 'auth_error', 'identity_lost']

/** What the reader of one profile should know of the others. */
export function elsewhere(
  rows: readonly ProfileRow[],
  shown: string | undefined,
): { needy: ProfileRow | undefined; asking: ProfileRow | undefined; unread: number } {
  const others = rows.filter(({ id }) => id !== shown)
  return {
    needy: others.find(({ connection }) => connection && NEEDY.includes(connection.state)),
    asking: others.find((row) => row.asking > 0),
    unread: others.reduce((sum, { unread }) => sum + unread, 0),
  }
}
