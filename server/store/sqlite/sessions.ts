import type { DatabaseSync } from 'node:sqlite'
import type { PublicKeyJwk } from '#protocol/keys.ts'
import { thumbprintJson } from '#protocol/keys.ts'
import type { NonceStore, SessionRecord, SessionStore } from '../port.ts'
import type { Heads } from './heads.ts'
import type { Passes } from './passes.ts'
import type { CommitQueue } from './queue.ts'
import type { Removal } from './removal.ts'
import * as sql from './sessionsSql.ts'

type SessionRow = { user_id: string; public_key: string | null; signed_before: number; epoch: string; created_at: number }
type Parts = { database: DatabaseSync; queue: CommitQueue; heads: Heads; removal: Removal; passes: Passes }

export function createSessions({ database, queue, heads, removal, passes }: Parts): SessionStore {
  const insert = database.prepare(sql.INSERT_SESSION)
  const byToken = database.prepare(sql.SESSION_BY_TOKEN)
  const byKey = database.prepare(sql.SESSION_BY_KEY)
  const byUser = database.prepare(sql.SESSION_BY_USER)
  const all = database.prepare(sql.ALL_SESSIONS)
  const keyOf = database.prepare(sql.SESSION_KEY)
  const markSigned = database.prepare(sql.MARK_SIGNED)
  const insertToken = database.prepare(sql.INSERT_TOKEN)
  const newestToken = database.prepare(sql.NEWEST_TOKEN)
  const tokens = database.prepare(sql.TOKENS)
  const countTokens = database.prepare(sql.COUNT_TOKENS)
  const otherTokens = database.prepare(sql.OTHER_TOKENS)
  const deleteOtherTokens = database.prepare(sql.DELETE_OTHER_TOKENS)

  const session = (row: unknown): SessionRecord | undefined => (row === undefined ? undefined : toSession(row as SessionRow))
  const sessionKey = (userId: string) => (keyOf.get(userId) as { key: number } | undefined)?.key

  return {
    create: ({ userId, publicKey, signedBefore, epoch, tokenHash, sealedToken, now }) =>
      queue.add(() => {
        const publicText = publicKey ? thumbprintJson(publicKey) : null
        const { changes, lastInsertRowid } = insert.run(userId, publicText, signedBefore ? 1 : 0, epoch, now)
        const known = session(changes === 0 && publicText !== null ? byKey.get(publicText) : byUser.get(userId))
        if (!known) throw new Error('a session that was just stored cannot be read back')
        if (changes === 0) return { created: false as const, session: known }
        insertToken.run(tokenHash, lastInsertRowid, sealedToken, now)
        return { created: true as const, session: known }
      }),
    byTokenHash: (tokenHash) => queue.read(() => session(byToken.get(tokenHash))),
    byKey: (publicKey) => queue.read(() => session(byKey.get(thumbprintJson(publicKey)))),
    byUserId: (userId) => queue.read(() => session(byUser.get(userId))),
    list: () => queue.read(() => (all.all() as SessionRow[]).map(toSession)),
    markSigned: (userId) => queue.add(() => void markSigned.run(userId)),
    addToken: (userId, tokenHash, sealedToken, now) =>
      queue.add(() => {
        const key = sessionKey(userId)
        if (key !== undefined) insertToken.run(tokenHash, key, sealedToken, now)
      }),
    newestToken: (userId) =>
      queue.read(() => {
        const key = sessionKey(userId)
        const row = key === undefined ? undefined : (newestToken.get(key) as { hash: string; sealed: string } | undefined)
        return row && { tokenHash: row.hash, sealedToken: row.sealed }
      }),
    tokens: (userId, limit) =>
      queue.read(() =>
        (tokens.all(sessionKey(userId) ?? null, limit) as { hash: string; created_at: number }[]).map(({ hash, created_at }) => ({
          tokenHash: hash,
          createdAt: created_at,
        })),
      ),
    countTokens: (userId) => queue.read(() => (countTokens.get(sessionKey(userId) ?? null) as { count: number }).count),
    revokeTokensExcept: (userId, tokenHash) =>
      queue.add(() => {
        const key = sessionKey(userId)
        if (key === undefined) return []
        const ended = otherTokens.all(key, tokenHash) as { hash: string }[]
        deleteOtherTokens.run(key, tokenHash)
        passes.removeAllOf(userId)
        return ended.map(({ hash }) => hash)
      }),
    async remove(userId) {
      const key = await queue.add(() => {
        const found = sessionKey(userId)
        if (found !== undefined) removal.begin(found, userId)
        heads.forget(userId)
        return found
      })
      if (key === undefined) return false
      while (await queue.add(() => removal.slice(key)));
      return true
    },
  }
}

export function createNonces({ database, queue }: { database: DatabaseSync; queue: CommitQueue }): NonceStore {
  const remember = database.prepare(sql.REMEMBER_NONCE)
  const keyOf = database.prepare(sql.SESSION_KEY)
  return {
    remember: (userId, nonce, now) =>
      queue.add(() => keyOf.get(userId) !== undefined && Number(remember.run(userId, nonce, now).changes) > 0),
  }
}

function toSession(row: SessionRow): SessionRecord {
  return {
    userId: row.user_id,
    ...(row.public_key === null ? {} : { publicKey: JSON.parse(row.public_key) as PublicKeyJwk }),
    signedBefore: row.signed_before === 1,
    epoch: row.epoch,
    createdAt: row.created_at,
  }
}
