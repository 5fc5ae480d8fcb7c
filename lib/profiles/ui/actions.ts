import type { FoundIdentity } from '../found.ts'
import type { KeyBackup } from '../model.ts'
import type { WantedKey } from '../newKey.ts'

/** What the security page shows of the key; never the key itself. client:IDN2, IDN4 */
export type OwnKey = { fingerprint: string; backup: KeyBackup }

/** Where an identity from elsewhere goes: into a profile of its own, or in place of the one in view. */
export type BringTo = { place: 'new'; name: string } | { place: 'here' }

export type BringActions = {
  /** Opens a backup without changing anything. client:IDN7 */
  openBackup: (text: string, passphrase: string) => Promise<FoundIdentity>
  /** The identity of these words, unless a profile has it already. Changes nothing. client:PHR5, PHR6 */
  openPhrase: (words: readonly string[], relayUrl: string) => Promise<FoundIdentity>
  /** Gives the id of the profile that has it now. client:IDN7, PHR5 */
  bring: (found: FoundIdentity, to: BringTo) => Promise<string>
}

export type IdentityActions = BringActions & {
  /** The text of a backup file. client:IDN5 */
  exportBackup: (passphrase: string) => Promise<string>
  /** client:IDN3, IDN4, IDN6, PHR4 */
  newIdentity: (wanted: WantedKey) => Promise<void>
  /** client:CRG7. Resolves with what it takes to make the token this profile's session, once the relay has accepted it. */
  checkToken: (pasted: string) => Promise<() => Promise<void>>
  ownKeyAgain: () => Promise<void>
}
