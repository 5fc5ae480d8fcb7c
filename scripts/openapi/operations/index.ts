import type { Operations } from '../operation.ts'
import { admin } from './admin.ts'
import { approvals } from './approvals.ts'
import { channels } from './channels.ts'
import { device } from './device.ts'
import { inbound } from './inbound.ts'
import { messages } from './messages.ts'
import { replies } from './replies.ts'
import { session } from './session.ts'

/** What is told of each route, in the document's order. */
export const operations: Operations = {
  ...session,
  ...messages,
  ...replies,
  ...channels,
  ...approvals,
  ...inbound,
  ...admin,
  ...device,
}
