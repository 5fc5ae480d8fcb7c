import type * as z from 'zod/mini'
import type { connectionMessages } from '../messages.ts'

/** What the relay says of itself, and who this browser is there. client:STA1 */
export type ConnectionDetails = z.output<typeof connectionMessages.table.details.output>

export type ConnectionActions = {
  connect: () => Promise<void>
  disconnect: () => Promise<void>
  reconnect: () => Promise<void>
  /** How many new messages there were. client:SOC10 */
  pollNow: () => Promise<number>
  setRelayUrl: (url: string) => Promise<void>
  trustNewKey: (typed: string) => Promise<void>
  /** Whether the relay shows it again, so that the connection goes on. client:PIN5 */
  keepPinnedKey: () => Promise<boolean>
  /** client:LNK1 */
  deviceLink: () => Promise<{ url: string; expiresInSeconds: number }>
}
