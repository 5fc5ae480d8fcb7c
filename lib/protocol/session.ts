import * as z from 'zod/mini'

/** Answer of GET /session. relay:SES1 */
export const sessionAnswerSchema = z.object({
  userId: z.string(),
  createdAt: z.string(),
  /** Registered with a key, so that requests are signed. */
  keyed: z.boolean(),
  apiKeys: z.object({ count: z.number(), newest: z.array(z.object({ createdAt: z.string(), current: z.boolean() })) }),
  sockets: z.array(z.object({ openedAt: z.string(), protocol: z.enum(['v2', 'legacy']), current: z.boolean() })),
})
export type SessionAnswer = z.infer<typeof sessionAnswerSchema>
