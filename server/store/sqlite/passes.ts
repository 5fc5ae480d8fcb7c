import type { DatabaseSync } from 'node:sqlite'
import { holds, PASS_TRACE_MS } from '../pass.ts'
import type { PassKind, PassRecord, PassStore } from '../port.ts'
import type { CommitQueue } from './queue.ts'

const INSERT_PASS = 'INSERT INTO passes (hash, kind, owner, issued_at, expires_at) VALUES (?, ?, ?, ?, ?)'
const PASS_BY_HASH = 'SELECT hash, kind, owner, issued_at, expires_at FROM passes WHERE hash = ? AND kind = ?'
const DELETE_PASS = 'DELETE FROM passes WHERE hash = ? AND kind = ?'
const DELETE_BEYOND = `
  DELETE FROM passes WHERE hash IN (SELECT hash FROM passes WHERE owner = ? AND kind = ? ORDER BY issued_at DESC, hash LIMIT -1 OFFSET ?)`
const DELETE_EXPIRED = 'DELETE FROM passes WHERE expires_at < ?'
const DELETE_OF_OWNER = 'DELETE FROM passes WHERE owner = ?'

type PassRow = { hash: string; kind: PassKind; owner: string; issued_at: number; expires_at: number }

export type Passes = ReturnType<typeof createPasses>

export function createPasses({ database, queue }: { database: DatabaseSync; queue: CommitQueue }) {
  const insert = database.prepare(INSERT_PASS)
  const byHash = database.prepare(PASS_BY_HASH)
  const remove = database.prepare(DELETE_PASS)
  const deleteBeyond = database.prepare(DELETE_BEYOND)
  const deleteExpired = database.prepare(DELETE_EXPIRED)
  const deleteOfOwner = database.prepare(DELETE_OF_OWNER)

  function read(kind: PassKind, hash: string): PassRecord | undefined {
    const row = byHash.get(hash, kind) as PassRow | undefined
    return row && { hash, kind, owner: row.owner, issuedAt: row.issued_at, expiresAt: row.expires_at }
  }

  const store: PassStore = {
    add: ({ hash, kind, owner, issuedAt, expiresAt }, keep) =>
      queue.add(() => {
        deleteExpired.run(issuedAt - PASS_TRACE_MS)
        insert.run(hash, kind, owner, issuedAt, expiresAt)
        deleteBeyond.run(owner, kind, keep)
      }),
    find: (kind, hash, now) =>
      queue.read(() => {
        const pass = read(kind, hash)
        return pass && holds(pass, now) ? pass : undefined
      }),
    take: (kind, hash, now) =>
      queue.add(() => {
        const pass = read(kind, hash)
        if (!pass) return undefined
        if (!holds(pass, now)) return { outcome: 'expired' as const, pass }
        remove.run(hash, kind)
        return { outcome: 'taken' as const, pass }
      }),
    end: (kind, hash) => queue.add(() => void remove.run(hash, kind)),
  }
  return {
    store,
    /** Inside a job only. */
    removeAllOf: (userId: string): void => void deleteOfOwner.run(userId),
  }
}
