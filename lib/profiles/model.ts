import type { PublicKeyJwk } from '#protocol/keys.ts'

/** The one profile of a fresh install. */
export const DEFAULT_PROFILE = 'default'
export const DEFAULT_RELAY_URL = 'http://127.0.0.1:8787'

export type Profile = {
  id: string
  name: string
  relayUrl: string
  createdAt: number
  /** client:SOC9 */
  stopped: boolean
  /** The address at which the user agreed to an older relay. client:LEG1 */
  older?: string
  /** Some relay's key was pinned once: no older relay any more, ever. client:LEG2 */
  pinned?: true
}

/**
 * client:IDN1. The private half cannot leave the browser, unless `exportable` was chosen when it was made; that mark stays (client:IDN4).
 * `phrase`: it follows from a recovery phrase, which is its only backup; that mark stays too (client:PHR4).
 */
export type Identity = {
  profileId: string
  publicKey: PublicKeyJwk
  privateKey: CryptoKey
  createdAt: number
  exportable?: true
  phrase?: true
}
/** A key that no profile has yet, with the mark of its backup. */
export type NewKey = Pick<Identity, 'publicKey' | 'privateKey' | 'exportable' | 'phrase'>

export const keyBackups = ['none', 'phrase', 'file'] as const
export type KeyBackup = (typeof keyBackups)[number]

export function backupOf({ exportable, phrase }: Pick<Identity, 'exportable' | 'phrase'>): KeyBackup {
  return phrase ? 'phrase' : exportable ? 'file' : 'none'
}

/** What the relay gave this profile. `apiKey` never leaves the database layer and the signed client (client:IDN2). */
export type Session = {
  profileId: string
  userId: string
  apiKey: string
  /** The key was pasted and belongs to no signing key: requests go unsigned. Its `userId` is empty until the relay's greeting tells it. client:CRG7 */
  bearer?: true
  /** Of an older relay: signed in the old way, answers are not proven. client:LEG1 */
  older?: true
  /** The relay address this session and pin belong to. */
  origin: string
  /** Relay's clock minus ours. client:CSG3 */
  clockOffsetMs: number
  /** When a re-issue last reached the relay, epoch ms. client:CRG4 */
  reissuedAt?: number
}

/** client:PIN1, PIN4. `offered` is the other key seen while blocked. */
export type Pin = { profileId: string; origin: string; key: PublicKeyJwk; pinnedAt: number; offered?: PublicKeyJwk }

/** `anew` marks a cursor that was set back to 0: what is missing below the first message after it was told already. client:CDD5 */
export type Cursor = { profileId: string; seq: number; epoch: string; timestamp: string; anew?: true }
