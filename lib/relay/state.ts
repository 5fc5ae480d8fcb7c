import * as z from 'zod/mini'

/**
 * client:SOC3: what the connection is, for every page to show. One row per profile, written by the offscreen document. Times in epoch ms.
 */
export const connectionSchema = z.object({
  profileId: z.string(),
  state: z.enum(['stopped', 'connecting', 'catching_up', 'connected', 'reconnecting', 'blocked', 'auth_error', 'identity_lost']),
  since: z.number(),
  /** When the next attempt starts, while reconnecting. */
  retryAt: z.optional(z.number()),
  /** Why it is not connected, a sentence the user can act on. */
  reason: z.optional(z.string()),
  /** Sockets fail but tickets work: messages arrive by polling. client:SOC13 */
  polling: z.optional(z.boolean()),
  /** Messages still to fetch while catching up. */
  behind: z.optional(z.number()),
  clockOffsetMs: z.optional(z.number()),
  malformedFrames: z.optional(z.number()),
  /** The relay is on this computer: being offline does not part us from it. client:SOC8 */
  local: z.optional(z.boolean()),
  /** The relay is an older one: answers are not proven. client:LEG1 */
  older: z.optional(z.boolean()),
  /** client:CDD10 */
  storageFull: z.optional(z.boolean()),
})
export type Connection = z.infer<typeof connectionSchema>
