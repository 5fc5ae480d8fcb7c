import * as z from 'zod/mini'
import { defineMessages } from '../messaging/define.ts'
import { keyBackups } from '../profiles/model.ts'

const profile = z.object({ profileId: z.string() })
const nothing = z.void()

/** Pages ask the worker; the state itself is read from the `connections` store. */
export const connectionMessages = defineMessages('background', 'connection', {
  /** client:CRG1, SOC9 */
  connect: { input: profile, output: nothing },
  /** client:CRG6 */
  disconnect: { input: profile, output: nothing },
  /** Tries at once, overriding any wait. client:SOC6 */
  reconnect: { input: profile, output: nothing },
  /** client:SOC10: how many messages it found. */
  pollNow: { input: profile, output: z.object({ received: z.number() }) },
  /** client:URL1-5. Refusals throw Failure with the reason. */
  setRelayUrl: { input: z.object({ profileId: z.string(), url: z.string() }), output: nothing },
  /** client:PIN5: `typed` are the first 8 fingerprint characters. */
  trustNewKey: { input: z.object({ profileId: z.string(), typed: z.string() }), output: nothing },
  /** client:LNK1 */
  deviceLink: { input: profile, output: z.object({ url: z.string(), expiresInSeconds: z.number() }) },
  /** For the connection page: what the relay says of itself and who we are there. client:STA1 */
  details: {
    input: profile,
    output: z.object({
      relayUrl: z.string(),
      userId: z.optional(z.string()),
      fingerprint: z.optional(z.string()),
      ownFingerprint: z.optional(z.string()),
      /** client:IDN4, PHR4 */
      backup: z.optional(z.enum(keyBackups)),
      cursor: z.optional(z.number()),
      relay: z.union([
        z.object({
          ok: z.literal(true),
          version: z.string(),
          status: z.string(),
          ms: z.number(),
          /** relay:HLT1 */
          features: z.optional(z.array(z.string())),
        }),
        z.object({ ok: z.literal(false), reason: z.string() }),
      ]),
    }),
  },
})
