/** An error a page can show as it is: a stable code and a sentence with the next step. `retryAfter` in seconds. */
export class Failure extends Error {
  readonly code: string
  readonly retryAfter: number | undefined
  constructor(code: string, message: string, options: { retryAfter?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'Failure'
    this.code = code
    this.retryAfter = options.retryAfter
  }
}
