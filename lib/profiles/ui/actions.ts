import type { Backup } from '../backup.ts'

/** What the security page shows of the key; never the key itself. client:IDN2, IDN4 */
export type OwnKey = { fingerprint: string; exportable: boolean }

export type IdentityActions = {
  /** The text of a backup file. client:IDN5 */
  exportBackup: (passphrase: string) => Promise<string>
  /** Opens a backup without changing anything. client:IDN7 */
  openBackup: (text: string, passphrase: string) => Promise<Backup>
  importBackup: (backup: Backup) => Promise<void>
  /** client:IDN3, IDN4, IDN6 */
  newIdentity: (exportable: boolean) => Promise<void>
  /** client:CRG7. Resolves with what it takes to make the token this profile's session, once the relay has accepted it. */
  checkToken: (pasted: string) => Promise<() => Promise<void>>
  ownKeyAgain: () => Promise<void>
}
