import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Says how the rest is to be read, should another cipher ever follow. */
const VERSION = 'v1.'
/** AES-GCM's own sizes, in bytes. */
const IV_BYTES = 12
const TAG_BYTES = 16

export type Sealer = ReturnType<typeof createSealer>

/**
 * Secrets at rest: AES-256-GCM with a fresh IV each time; `key` has 32 bytes. A sealed text is `v1.` and base64url of IV, tag and ciphertext.
 * `unseal` throws for a text that another key sealed or that was changed. relay:STO2
 */
export function createSealer(key: Buffer) {
  return {
    seal(plain: string): string {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return VERSION + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
    },
    unseal(sealed: string): string {
      if (!sealed.startsWith(VERSION)) throw new Error('this is not a sealed text')
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
    },
  }
}
