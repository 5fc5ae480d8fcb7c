import { join } from 'node:path'
import { FINGERPRINT_KEY } from '../auth/serverKey.ts'
import { peekMeta } from '../store/sqlite/peek.ts'
import { STORE_FILE } from './storage.ts'

/** The fingerprint of the relay whose data lies in `dataDir`, running or not; `undefined` before its first start. */
export const readFingerprint = (dataDir: string): string | undefined => peekMeta(join(dataDir, STORE_FILE), FINGERPRINT_KEY)
