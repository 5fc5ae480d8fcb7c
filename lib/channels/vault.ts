import type { Database } from '../database/open.ts'

const CIPHER = 'AES-GCM'

/** What a channel can be rebuilt from. client:REC4 */
export type Kept = 'secret' | 'signing' | 'token'
const KINDS: readonly Kept[] = ['secret', 'signing', 'token']

/**
 * Webhooks' secrets, and bot tokens the user asked to remember, encrypted under a key that cannot leave this browser. It keeps them out of
 * plain sight of whoever copies the profile folder's files, not from code running in the extension. client:REC4
 */
export function createVault({ db }: { db: Database }) {
  async function keyOf(profileId: string): Promise<CryptoKey> {
    const known = await db.get('vaultKeys', profileId)
    if (known) return known.key
    const key = await crypto.subtle.generateKey({ name: CIPHER, length: 256 }, false, ['encrypt', 'decrypt'])
    const transaction = db.transaction('vaultKeys', 'readwrite')
    // Another context may have made one meanwhile: the first stays.
    const first = await transaction.store.get(profileId)
    if (!first) await transaction.store.put({ profileId, key })
    await transaction.done
    return first?.key ?? key
  }

  return {
    async keep(profileId: string, kind: Kept, channelId: string, text: string): Promise<void> {
      const key = await keyOf(profileId)
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const sealed = await crypto.subtle.encrypt({ name: CIPHER, iv }, key, new TextEncoder().encode(text))
      await db.put('vault', { profileId, name: `${kind}:${channelId}`, iv, sealed })
    },
    /** `undefined` when nothing was kept or it cannot be opened any more. */
    async open(profileId: string, kind: Kept, channelId: string): Promise<string | undefined> {
      const row = await db.get('vault', [profileId, `${kind}:${channelId}`])
      if (!row) return undefined
      try {
        const bytes = await crypto.subtle.decrypt({ name: CIPHER, iv: row.iv }, await keyOf(profileId), row.sealed)
        return new TextDecoder().decode(bytes)
      } catch {
        return undefined
      }
    },
    async forget(profileId: string, channelId: string, kinds: readonly Kept[] = KINDS): Promise<void> {
      await Promise.all(kinds.map((kind) => db.delete('vault', [profileId, `${kind}:${channelId}`])))
    },
  }
}
export type Vault = ReturnType<typeof createVault>
