import type { LimitKey } from './route.ts'

export type Limit = { limit: number; windowSec: number }

const MINUTE = 60
const HOUR = 3600

/** relay §2's figures; a limit of 0 is no limit (RL2). register, channelRegister and wsReply are wide because existing clients burst.
 * `approval` counts what people are asked, `approvalWatch` whatever follows: waiting, listing, deciding, using. */
export const LIMITS: Readonly<Record<LimitKey, Limit>> = {
  register: { limit: 100, windowSec: HOUR },
  channelRegister: { limit: 100, windowSec: HOUR },
  poll: { limit: 120, windowSec: MINUTE },
  reply: { limit: 30, windowSec: MINUTE },
  wsReply: { limit: 300, windowSec: MINUTE },
  wsTicket: { limit: 60, windowSec: MINUTE },
  typing: { limit: 120, windowSec: MINUTE },
  inbound: { limit: 60, windowSec: MINUTE },
  inboundAuthFail: { limit: 60, windowSec: MINUTE },
  emailInbound: { limit: 60, windowSec: MINUTE },
  pairing: { limit: 10, windowSec: HOUR },
  verification: { limit: 10, windowSec: HOUR },
  adminLogin: { limit: 5, windowSec: 15 * MINUTE },
  deepHealth: { limit: 10, windowSec: MINUTE },
  approval: { limit: 60, windowSec: MINUTE },
  approvalWatch: { limit: 300, windowSec: MINUTE },
}

export type LimitOverrides = Partial<Record<LimitKey, Limit>>
