import type { Database } from '../database/open.ts'
import type { Network } from '../relay/exchange.ts'

/** Everything the doctor needs of the world around it. Nothing here has to work: what fails is a finding. client:DOC3 */
export type DoctorHost = {
  profileId: string
  network: Network
  /** A connection of the doctor's own, so that opening is part of what is tried. */
  openDatabase(): Promise<Database>
  /** Resolves when the service worker answered. */
  askWorker(): Promise<unknown>
  documentRuns(): Promise<boolean>
  /** There and back over the open socket, ms. */
  roundTrip(): Promise<number>
  /** Whether anybody answers at all, also where the browser lets nobody read what. */
  isAnswered(url: string): Promise<boolean>
  /** Whether the browser refuses this page addresses on this computer or network. client:ARC6 */
  localRefused(): Promise<boolean>
  space(): Promise<{ usage?: number | undefined; quota?: number | undefined }>
  /** What was chosen, and whether the browser goes along. */
  notifications(): Promise<{ setting: 'ask' | 'on' | 'off'; profile: boolean; allowed: boolean }>
}
