import * as z from 'zod/mini'
import { defineMessages } from '../messaging/define.ts'
import { modeSchema } from './mode.ts'

/** Pages decide; what waits is read through lib/approvals/queries.ts. client:APR13, APR16 */
export const approvalMessages = defineMessages('background', 'approvals', {
  /** `counted` is false when it was decided before, or too late. */
  decide: {
    input: z.object({
      profileId: z.string(),
      id: z.string(),
      decision: z.enum(['allow', 'deny']),
      by: z.enum(['popup', 'options']),
    }),
    output: z.object({ counted: z.boolean() }),
  },
  /** `confirmed` says that the user was told it means fewer questions. */
  setMode: { input: z.object({ profileId: z.string(), mode: modeSchema, confirmed: z.boolean() }), output: z.void() },
})
