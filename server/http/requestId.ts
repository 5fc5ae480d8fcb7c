import { randomBytes } from 'node:crypto'

/** Ids that are unique over restarts (random start) and cheap (a counter). relay:GEN3 */
export function createRequestIds(): () => string {
  const run = randomBytes(6).toString('base64url')
  let count = 0
  return () => {
    count += 1
    return `${run}-${count.toString(36)}`
  }
}
