/** Every statement about sessions, tokens and nonces. */
import { NONCE_KEPT_MS } from '#protocol/limits.ts'

const COLUMNS = 'user_id, public_key, signed_before, epoch, created_at'

export const INSERT_SESSION = `
  INSERT INTO sessions (user_id, public_key, signed_before, epoch, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
export const SESSION_BY_TOKEN = `
  SELECT ${COLUMNS} FROM sessions WHERE key = (SELECT session FROM tokens WHERE hash = ?)`
export const SESSION_BY_KEY = `SELECT ${COLUMNS} FROM sessions WHERE public_key = ?`
export const SESSION_BY_USER = `SELECT ${COLUMNS} FROM sessions WHERE user_id = ?`
export const ALL_SESSIONS = `SELECT ${COLUMNS} FROM sessions ORDER BY key`
/** Two at most: more than one is too many for whoever asks. `substr` takes the beginning as it is, whatever signs are in it. */
export const SESSIONS_BEGINNING = `
  SELECT user_id, public_key FROM sessions WHERE substr(user_id, 1, length(?1)) = ?1 ORDER BY key LIMIT 2`
export const SESSION_KEY = 'SELECT key FROM sessions WHERE user_id = ?'
export const MARK_SIGNED = 'UPDATE sessions SET signed_before = 1 WHERE user_id = ?'
export const DELETE_SESSION = 'DELETE FROM sessions WHERE key = ?'
export const DOOM_SESSION = 'INSERT INTO doomed (session) VALUES (?) ON CONFLICT DO NOTHING'

export const INSERT_TOKEN = 'INSERT INTO tokens (hash, session, sealed, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
export const NEWEST_TOKEN = 'SELECT hash, sealed FROM tokens WHERE session = ? ORDER BY row DESC LIMIT 1'
export const TOKENS = 'SELECT hash, created_at FROM tokens WHERE session = ? ORDER BY row DESC LIMIT ?'
export const COUNT_TOKENS = 'SELECT count(*) AS count FROM tokens WHERE session = ?'
export const OTHER_TOKENS = 'SELECT hash FROM tokens WHERE session = ? AND hash <> ?'
export const DELETE_OTHER_TOKENS = 'DELETE FROM tokens WHERE session = ? AND hash <> ?'
export const DELETE_TOKENS = 'DELETE FROM tokens WHERE session = ?'

/** Changes nothing when the nonce was seen and is still kept. relay:SIG8 */
export const REMEMBER_NONCE = `
  INSERT INTO nonces (session, nonce, at) VALUES ((SELECT key FROM sessions WHERE user_id = ?), ?, ?)
  ON CONFLICT (session, nonce) DO UPDATE SET at = excluded.at WHERE nonces.at <= excluded.at - ${NONCE_KEPT_MS}`
