import { createKeyPair } from '../relay/keys.ts'
import type { NewKey } from './model.ts'

/** A key wanted: with no backup, with one in a file, or one that came from a recovery phrase. client:IDN1, IDN4, PHR4 */
export type WantedKey = { backup: 'none' | 'file' } | { backup: 'phrase'; key: NewKey }

export async function makeKey(wanted: WantedKey): Promise<NewKey> {
  if (wanted.backup === 'phrase') return wanted.key
  const exportable = wanted.backup === 'file'
  return { ...(await createKeyPair(exportable)), ...(exportable && { exportable }) }
}
