import type { Connection } from '../../relay/state.ts'
import type { KeyBackup } from '../model.ts'
import type { WantedKey } from '../newKey.ts'

/** How a key can be had back, or that it is gone. client:IDN3, IDN4, PHR4 */
export type KeyMark = KeyBackup | 'lost'

/** One profile as its page shows it. */
export type ProfileFacts = {
  id: string
  name: string
  /** What it is called on every page. */
  title: string
  relayUrl: string
  stopped: boolean
  connection: Connection | undefined
  unread: number
  mark: KeyMark
  /** Channels it has on its relay, as last seen. */
  channels: number
  /** Whether its relay knows it. */
  registered: boolean
}

export type ProfileActions = {
  /** Gives the id of the new one, which connects at once. client:PRF2 */
  create: (wanted: { name: string; relayUrl: string; key: WantedKey }) => Promise<string>
  rename: (profileId: string, name: string) => Promise<void>
  connect: (profileId: string) => Promise<void>
  disconnect: (profileId: string) => Promise<void>
  /** `onRelay`: what the relay holds of it goes first. client:PRF5 */
  remove: (profileId: string, onRelay: boolean) => Promise<void>
}

/** Of an address, what tells relays apart. */
export function hostOf(relayUrl: string): string {
  return URL.parse(relayUrl)?.host || relayUrl
}
