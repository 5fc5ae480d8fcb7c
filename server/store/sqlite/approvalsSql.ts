/** Every statement about approvals. */

const COLUMNS = `
  id, user_id, action, args, args_hash, kind, channel_id, conversation, agent_id,
  approvals.created_at, expires_at, state, decided_by, reason, decided_at, used_at`
const JOINED = 'approvals JOIN sessions ON sessions.key = approvals.session'
const OF_USER = 'session = (SELECT key FROM sessions WHERE user_id = ?) AND id = ?'

export const INSERT_APPROVAL = `
  INSERT INTO approvals (id, session, action, args, args_hash, kind, channel_id, conversation, agent_id, created_at, expires_at, state)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')`
export const COUNT_PENDING = `SELECT count(*) AS count FROM approvals WHERE session = ? AND state = 'pending' AND expires_at > ?`
export const DECIDE = `
  UPDATE approvals SET state = ?, decided_by = ?, reason = ?, decided_at = ? WHERE ${OF_USER} AND state = 'pending'`
export const SPEND = `UPDATE approvals SET state = 'used', used_at = ? WHERE ${OF_USER} AND state = 'allowed'`
export const ONE_APPROVAL = `SELECT ${COLUMNS} FROM ${JOINED} WHERE user_id = ? AND id = ?`
export const PENDING_APPROVALS = `SELECT ${COLUMNS} FROM ${JOINED} WHERE state = 'pending' ORDER BY approvals.row`
/** `before` is an id or null; an id that is gone lists nothing. */
export const APPROVALS_OF = `
  SELECT ${COLUMNS} FROM ${JOINED}
  WHERE user_id = :userId AND approvals.created_at > :since
    AND (:before IS NULL OR approvals.row < (SELECT row FROM approvals AS last WHERE last.session = approvals.session AND last.id = :before))
  ORDER BY approvals.row DESC LIMIT :limit`
