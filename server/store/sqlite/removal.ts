import type { DatabaseSync } from 'node:sqlite'
import type { Channels } from './channels.ts'
import type { Passes } from './passes.ts'
import { DELETE_SESSION, DELETE_TOKENS, DOOM_SESSION } from './sessionsSql.ts'

/** Rows deleted in one transaction: some milliseconds of work. */
const SLICE_ROWS = 500

/** In this order; each clears one table of one session, a slice at a time. `files` before their owners is fine: both go. */
const CLEAR = [
  'DELETE FROM messages WHERE row IN (SELECT row FROM messages WHERE row > (?1 << 36) AND row < ((?1 + 1) << 36) LIMIT ?2)',
  'DELETE FROM gaps WHERE row IN (SELECT row FROM gaps WHERE row > (?1 << 36) AND row < ((?1 + 1) << 36) LIMIT ?2)',
  'DELETE FROM files WHERE row IN (SELECT row FROM files WHERE session = ?1 LIMIT ?2)',
  'DELETE FROM replies WHERE row IN (SELECT row FROM replies WHERE session = ?1 LIMIT ?2)',
  'DELETE FROM approvals WHERE row IN (SELECT row FROM approvals WHERE session = ?1 LIMIT ?2)',
  'DELETE FROM nonces WHERE row IN (SELECT row FROM nonces WHERE session = ?1 LIMIT ?2)',
]
const FORGET_DOOMED = 'DELETE FROM doomed WHERE session = ?'
const ANY_DOOMED = 'SELECT session FROM doomed LIMIT 1'

export type Removal = ReturnType<typeof createRemoval>

/**
 * Deletes a session: at once for everybody who asks, its rows in slices. One that was cut short by the end of the process is finished by
 * maintenance. All inside jobs only. relay:ADM8, STO6
 */
export function createRemoval({ database, channels, passes }: { database: DatabaseSync; channels: Channels; passes: Passes }) {
  const deleteSession = database.prepare(DELETE_SESSION)
  const deleteTokens = database.prepare(DELETE_TOKENS)
  const doom = database.prepare(DOOM_SESSION)
  const clear = CLEAR.map((statement) => database.prepare(statement))
  const forget = database.prepare(FORGET_DOOMED)
  const anyDoomed = database.prepare(ANY_DOOMED)

  function slice(session: number): boolean {
    for (const statement of clear) if (Number(statement.run(session, SLICE_ROWS).changes) > 0) return true
    forget.run(session)
    return false
  }

  return {
    begin(session: number, userId: string): void {
      deleteSession.run(session)
      deleteTokens.run(session)
      doom.run(session)
      channels.removeAllOf(userId)
      passes.removeAllOf(userId)
    },
    /** True while more remains. */
    slice,
    /** Goes on with whatever was left behind; true while more remains. */
    resume(): boolean {
      const left = anyDoomed.get() as { session: number } | undefined
      if (!left) return false
      slice(left.session)
      return true
    },
  }
}
