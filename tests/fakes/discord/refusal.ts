/** An error answer of Discord's API. `limited`: how long to wait, in seconds. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number
  readonly limited: { retryAfter: number; global: boolean } | undefined
  constructor(status: number, code: number, message: string, limited?: { retryAfter: number; global: boolean }) {
    super(message)
    this.status = status
    this.code = code
    this.limited = limited
  }
}

export const unknownChannel = () => new Refusal(404, 10003, 'Unknown Channel')
export const unknownMessage = () => new Refusal(404, 10008, 'Unknown Message')
export const missingAccess = () => new Refusal(403, 50001, 'Missing Access')
export const invalidForm = (what: string) => new Refusal(400, 50035, `Invalid Form Body: ${what}`)
