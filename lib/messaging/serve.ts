import { type Context, type Envelope, envelopeSchema, type Handlers, type Messages, type MessageTable } from './define.ts'
import { Failure } from './failure.ts'

export type Served = (scope: string, name: string, input: unknown) => Promise<unknown> | undefined

/** The answering side of one table. A missing or mistyped handler does not compile. */
export function serve<T extends MessageTable>(messages: Messages<T>, handlers: Handlers<T>): Served {
  return (scope, name, input) => {
    const entry = scope === messages.scope ? messages.table[name] : undefined
    const handler = entry && handlers[name]
    if (!entry || !handler) return undefined
    return (async () => entry.output.parse(await handler(entry.input.parse(input) as never)))()
  }
}

/**
 * One listener for all tables of a context, shaped for chrome.runtime.onMessage. It can be attached in the context's first turn, with what
 * serves it still being `made`; `ready` needs nothing of that. Answers only the extension's own contexts; anything else is ignored
 * (client:IDN2, ARC7). `undefined` leaves the message to another context.
 */
export function answer(context: Context, ownId: string, ready: Served[], made?: () => Promise<Served[]>) {
  async function reply({ scope, name, input }: Envelope): Promise<unknown> {
    const ask = (served: Served[]) => {
      for (const handle of served) {
        const result = handle(scope, name, input)
        if (result) return { result }
      }
      return undefined
    }
    const found = ask(ready) ?? (made && ask(await made()))
    if (found) return await found.result
    throw new Failure('unknown_call', 'This page is newer than the extension. Reload it.')
  }

  return (message: unknown, sender: { id?: string }, respond: (reply: unknown) => void): true | undefined => {
    const envelope = envelopeSchema.safeParse(message)
    if (!envelope.success || envelope.data.to !== context || sender.id !== ownId) return undefined
    reply(envelope.data).then(
      (output) => respond({ ok: true, output }),
      (error: unknown) => respond({ ok: false, failure: describe(error) }),
    )
    return true
  }
}

function describe(error: unknown): { code: string; message: string; retryAfter?: number } {
  if (error instanceof Failure)
    return { code: error.code, message: error.message, ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }) }
  if (error instanceof Error && error.name === 'QuotaExceededError')
    return { code: 'storage_full', message: 'Storage full. Clean up, or delete conversations you do not need.' }
  return { code: 'internal', message: (error instanceof Error && error.message) || 'Something failed inside the extension.' }
}
