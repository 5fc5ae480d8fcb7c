import * as z from 'zod/mini'

/** A table of calls between contexts: what goes in and what comes out, by name. Caller and handler types follow from it. */
export type MessageTable = Record<string, { input: z.ZodMiniType; output: z.ZodMiniType }>
export type Messages<T extends MessageTable = MessageTable> = { scope: string; to: Context; table: T }
/** Who answers. Pages never answer. */
export type Context = 'background' | 'offscreen' | 'chores'

export type Caller<T extends MessageTable> = {
  [K in keyof T]: (input: z.input<T[K]['input']>) => Promise<z.output<T[K]['output']>>
}
export type Handlers<T extends MessageTable> = {
  [K in keyof T]: (input: z.output<T[K]['input']>) => Promise<z.input<T[K]['output']>>
}

/** Tables a context does not use are left out of its bundle. */
/* @__NO_SIDE_EFFECTS__ */
export function defineMessages<T extends MessageTable>(to: Context, scope: string, table: T): Messages<T> {
  return { to, scope, table }
}

/** What travels over chrome.runtime. */
export const envelopeSchema = z.object({
  chaos: z.literal(1),
  to: z.enum(['background', 'offscreen', 'chores']),
  scope: z.string(),
  name: z.string(),
  /** Absent for `undefined`: chrome.runtime carries JSON. */
  input: z.optional(z.unknown()),
})
export type Envelope = z.infer<typeof envelopeSchema>

/** An expected refusal that reaches the page with its code and sentence. */
export const failureSchema = z.object({ code: z.string(), message: z.string(), retryAfter: z.optional(z.number()) })
export const replySchema = z.union([
  z.object({ ok: z.literal(true), output: z.optional(z.unknown()) }),
  z.object({ ok: z.literal(false), failure: failureSchema }),
])
