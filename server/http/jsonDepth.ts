/** Deeper than anybody means it; what is deeper still would exhaust the stack of whoever walks or writes it. */
const MAX_JSON_DEPTH = 64

/** Whether a parsed JSON value is nested no deeper than the relay follows. */
export function isShallow(value: unknown, depth = MAX_JSON_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0) return false
  for (const member of Object.values(value)) if (!isShallow(member, depth - 1)) return false
  return true
}
