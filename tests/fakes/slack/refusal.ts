/** A call that Slack answers with `ok: false`. */
export class Refusal extends Error {
  readonly more: Record<string, string>
  constructor(error: string, more: Record<string, string> = {}) {
    super(error)
    this.more = more
  }
}
