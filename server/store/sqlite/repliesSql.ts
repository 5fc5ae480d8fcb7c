/** Every statement about replies. */

const COLUMNS = `r.row, r.response_id, r.session, r.channel, r.position, r.channel_id, r.crc, r.channel_type, r.target, r.client_id, r.state,
  r.platform_message_id, r.reason, r.attempts, r.parts_sent, r.under_way, r.uncertain, r.created_at, r.updated_at, r.due_at, r.attachments, r.metadata, r.content, r.author,
  (SELECT user_id FROM sessions WHERE key = r.session) AS user_id`

export const INSERT_REPLY = `
  INSERT INTO replies (response_id, session, channel, position, channel_id, crc, channel_type, target, client_id, state, platform_message_id, reason,
    attempts, parts_sent, under_way, uncertain, created_at, updated_at, due_at, attachments, metadata, content, author)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
export const UPDATE_REPLY = `
  UPDATE replies SET crc = ?, state = ?, platform_message_id = ?, reason = ?, attempts = ?, parts_sent = ?, under_way = ?, uncertain = ?, updated_at = ?, due_at = ?,
    attachments = ?, metadata = ?, content = ?
  WHERE row = ?`

export const REPLY_BY_ID = `SELECT ${COLUMNS} FROM replies r WHERE r.response_id = ?`
/** The oldest queued reply of every conversation: only these may go out. relay:REP9 */
const FRONTS = `SELECT min(row) AS front FROM replies WHERE state = 'queued' GROUP BY channel_id, target`
/** Rows of a session that is being deleted are left to the deletion. */
const OWNED = 'EXISTS (SELECT 1 FROM sessions WHERE key = r.session)'
/** A reply that was put off later than now was put off before the clock was set back: what it was to wait for is over. A minute is no such change. */
export const DUE_FRONTS = `
  SELECT ${COLUMNS} FROM (${FRONTS}) JOIN replies r ON r.row = front
  WHERE (r.due_at <= ?1 OR r.updated_at > ?1 + 60000) AND ${OWNED} ORDER BY r.due_at, r.row LIMIT ?2`
export const WAITING_FRONTS = `
  SELECT r.response_id, r.due_at FROM (${FRONTS}) JOIN replies r ON r.row = front WHERE ${OWNED} ORDER BY r.due_at, r.row LIMIT ?`
/** Whether agents may not answer there. relay:TKO2 */
export const IS_TAKEN_OVER = `SELECT 1 FROM channels, json_each(record, '$.takenOver') WHERE channels.id = ? AND json_each.value = ?`
export const QUEUED_OF_AGENTS = `
  SELECT ${COLUMNS} FROM replies r WHERE r.state = 'queued' AND r.channel_id = ? AND ifnull(r.target, '') = ? AND r.author IS NULL ORDER BY r.row`
export const QUEUED_OF_CHANNEL = `SELECT ${COLUMNS} FROM replies r WHERE r.state = 'queued' AND r.channel_id = ? ORDER BY r.row`

export const CHANNEL_TAIL = 'SELECT position, created_at FROM replies WHERE channel = ? ORDER BY position DESC LIMIT 1'
export const RESPONSES_AFTER = `SELECT ${COLUMNS} FROM replies r WHERE r.channel = ? AND r.position > ? ORDER BY r.position LIMIT ?`
export const HISTORY_AFTER = `
  SELECT ${COLUMNS} FROM replies r WHERE r.session = (SELECT key FROM sessions WHERE user_id = ?) AND r.row > ? ORDER BY r.row LIMIT ?`
export const LAST_UP_TO = 'SELECT position FROM replies WHERE channel = ? AND created_at <= ? ORDER BY created_at DESC LIMIT 1'

/** For the operator. Those of a session that is being deleted are gone already. */
export const NEXT_QUEUED = `
  SELECT ${COLUMNS} FROM (SELECT r.row AS next FROM replies r WHERE r.state = 'queued' AND ${OWNED} ORDER BY r.due_at, r.row LIMIT ?) JOIN replies r ON r.row = next
  ORDER BY r.due_at, r.row`
export const NEWEST_FAILED = `SELECT ${COLUMNS} FROM replies r WHERE r.state = 'failed' AND ${OWNED} ORDER BY r.updated_at DESC, r.row DESC LIMIT ?`
export const COUNT_QUEUED = `SELECT count(*) AS count FROM replies r WHERE r.state = 'queued' AND ${OWNED}`
export const COUNT_FAILED = `SELECT count(*) AS count FROM replies r WHERE r.state = 'failed' AND ${OWNED}`
