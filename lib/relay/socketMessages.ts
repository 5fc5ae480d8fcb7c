import * as z from 'zod/mini'
import { defineMessages } from '../messaging/define.ts'

const profile = z.object({ profileId: z.string() })
const nothing = z.void()

/** The worker tells the offscreen document. */
export const socketMessages = defineMessages('offscreen', 'sockets', {
  /** Profiles, addresses or stop marks changed: open and close sockets to match. */
  sync: { input: nothing, output: nothing },
  reconnect: { input: profile, output: nothing },
  pollNow: { input: profile, output: z.object({ received: z.number() }) },
  /** Replies wait in the database. */
  flush: { input: profile, output: nothing },
  /** Decisions on approvals wait there too. client:APR13 */
  handDecisions: { input: profile, output: nothing },
})

/** Pages ask the offscreen document itself. */
export const trialMessages = defineMessages('offscreen', 'trials', {
  /** How long the open socket takes there and back, ms. client:DOC1 */
  roundTrip: { input: profile, output: z.object({ ms: z.number() }) },
})

/** The offscreen document tells the worker what is already committed; this wakes it. client:ARC3 */
export const arrivalMessages = defineMessages('background', 'arrivals', {
  arrived: {
    input: z.object({
      profileId: z.string(),
      messages: z.array(z.object({ id: z.string(), conversationId: z.string() })),
      /** True while catching up or restoring: count, but one summary instead of many notifications. client:INB4 */
      bulk: z.boolean(),
      /** Nobody is to be disturbed: count only. client:DND2 */
      quiet: z.optional(z.boolean()),
    }),
    output: nothing,
  },
  connectionChanged: { input: profile, output: nothing },
  /** A request came or was decided, or the prompt of one got further. client:APR4, APR6 */
  approvalsChanged: { input: profile, output: nothing },
  /** What is unread, or was told, may have been in it. client:INB5 */
  removed: { input: z.object({ profileId: z.string(), conversationId: z.string() }), output: nothing },
  /** client:REC1: the relay answered with another userId. */
  sessionLost: { input: profile, output: nothing },
})
