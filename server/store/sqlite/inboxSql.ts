/** Every statement of the inbox. A message's row number is (session << 36) | seq, see migrations.ts. */

export const SEQ = `row & ${(1n << 36n) - 1n}`
const COLUMNS = `row >> 36 AS session, ${SEQ} AS seq, at, crc, id, channel_id, channel_type, target, sender, attachments, metadata, content`

export const INSERT_MESSAGE = `
  INSERT INTO messages (row, at, crc, id, channel_id, channel_type, target, sender, attachments, metadata, content)
  VALUES ((? << 36) | ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
export const UPSERT_CONVERSATION = `
  INSERT INTO conversations (channel, target, session, seq) VALUES (?, ?, ?, ?)
  ON CONFLICT (channel, target) DO UPDATE SET session = excluded.session, seq = excluded.seq`

export const MESSAGES_AFTER = `SELECT ${COLUMNS} FROM messages WHERE row > ((?1 << 36) | ?2) AND row < ((?1 + 1) << 36) ORDER BY row LIMIT ?3`
export const MESSAGES_BEFORE = `SELECT ${COLUMNS} FROM messages WHERE row > (?1 << 36) AND row < ((?1 << 36) | ?2) ORDER BY row DESC LIMIT ?3`
export const MESSAGES_BY_ID = `SELECT ${COLUMNS} FROM messages WHERE id = ?`
export const MESSAGE_AT = `SELECT ${COLUMNS} FROM messages WHERE row = ((? << 36) | ?)`
/** For the search of a timestamp: times ascend with seq. */
export const FIRST_FROM = `SELECT ${SEQ} AS seq, at FROM messages WHERE row >= ((?1 << 36) | ?2) AND row < ((?1 + 1) << 36) ORDER BY row LIMIT 1`
export const LATEST_SESSIONS = `
  SELECT key, user_id,
    (SELECT at FROM messages WHERE row > (s.key << 36) AND row < ((s.key + 1) << 36) ORDER BY row DESC LIMIT 1) AS last_at
  FROM sessions s WHERE last_at IS NOT NULL ORDER BY last_at DESC LIMIT ?`

export const HEAD = 'SELECT key, user_id, epoch, acked, floor_seq, floor_at, expired_at FROM sessions WHERE user_id = ?'
export const RAISE_ACKED = 'UPDATE sessions SET acked = ?2 WHERE key = ?1 AND acked < ?2'
/** Kept when messages are deleted, so that seq and time go on even if none is left. */
export const KEEP_FLOOR = 'UPDATE sessions SET floor_seq = ?2, floor_at = ?3 WHERE key = ?1'

export const KEEP_EXPIRED_AT = 'UPDATE sessions SET expired_at = ?2 WHERE key = ?1 AND expired_at < ?2'

export const DELETE_MESSAGE = 'DELETE FROM messages WHERE row = ((? << 36) | ?)'
export const ADD_GAP = `INSERT INTO gaps (row, reason, at) VALUES ((? << 36) | ?, ?, ?) ON CONFLICT DO NOTHING`
export const COUNT_GAPS = 'SELECT count(*) AS count FROM gaps WHERE row > ((?1 << 36) | ?2) AND row < ((?1 + 1) << 36)'
/** Of the gaps above a seq: `late` received after a time or nobody knows when, `front` below another seq. */
export const COUNT_LATE_GAPS = `
  SELECT count(*) FILTER (WHERE at IS NULL OR at > ?3) AS late, count(*) FILTER (WHERE row < ((?1 << 36) | ?4)) AS front
  FROM gaps WHERE row > ((?1 << 36) | ?2) AND row < ((?1 + 1) << 36)`

export const KNOWS_TARGET = 'SELECT 1 AS known FROM conversations WHERE channel = ? AND target = ?'
export const LAST_TARGET = 'SELECT target FROM conversations WHERE channel = ? ORDER BY seq DESC LIMIT 1'
export const NEWEST_OF_TARGET = 'SELECT session, seq FROM conversations WHERE channel = ? AND target = ?'
