import { type Caller, type Envelope, type Messages, type MessageTable, replySchema } from './define.ts'
import { Failure } from './failure.ts'

export type Send = (envelope: Envelope) => Promise<unknown>

/** The calling side of a message table: plain async methods. A refusal throws Failure. */
export function call<T extends MessageTable>(messages: Messages<T>, send: Send): Caller<T> {
  const methods = Object.entries(messages.table).map(([name, { input, output }]) => [
    name,
    async (value: unknown) => {
      const answer = replySchema.safeParse(
        await send({ chaos: 1, to: messages.to, scope: messages.scope, name, input: input.parse(value) }),
      )
      if (!answer.success) throw new Failure('no_answer', 'The extension is still starting. Try again in a moment.')
      if (!answer.data.ok) {
        const { code, message, retryAfter } = answer.data.failure
        throw new Failure(code, message, { retryAfter })
      }
      return output.parse(answer.data.output)
    },
  ])
  return Object.fromEntries(methods) as Caller<T>
}
