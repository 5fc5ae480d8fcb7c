import type { ResponseParameters } from 'grammy/types'

/** An error answer of the Bot API. */
export class Refusal extends Error {
  readonly code: number
  readonly parameters: ResponseParameters | undefined
  constructor(code: number, description: string, parameters?: ResponseParameters) {
    super(description)
    this.code = code
    this.parameters = parameters
  }
}

export function badRequest(description: string, parameters?: ResponseParameters): Refusal {
  return new Refusal(400, `Bad Request: ${description}`, parameters)
}
