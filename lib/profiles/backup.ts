import * as z from 'zod/mini'
import { fromBase64, toBase64 } from '#protocol/base64.ts'
import { channelConfigSchema } from '#protocol/channel.ts'
import { publicKeySchema } from '#protocol/keys.ts'
import { Failure } from '../messaging/failure.ts'
import { sha256Hex } from '../relay/keys.ts'

/** client:IDN5 */
export const PASSPHRASE_CHARACTERS = 12
const ROUNDS = 600_000
/** A file that asks for more would only keep the browser busy. */
const MOST_ROUNDS = 10_000_000
/** A backup of 100 channels is some hundred kilobytes; anything larger is another file. */
export const MOST_BACKUP_BYTES = 8 * 1024 * 1024
const FORMAT = 'chaos-relay-identity'
const CIPHER = 'AES-GCM'

const coordinate = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))
export const privateKeySchema = z.extend(publicKeySchema, { d: coordinate })

/** What a backup holds: enough to be the same identity elsewhere, no apiKey and no message. client:IDN5 */
export const backupSchema = z.object({
  name: z.string(),
  relayUrl: z.string(),
  privateKey: privateKeySchema,
  pin: z.optional(z.object({ origin: z.string(), key: publicKeySchema, pinnedAt: z.number() })),
  channels: z.array(channelConfigSchema),
  createdAt: z.number(),
})
export type Backup = z.infer<typeof backupSchema>

const fileSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  kdf: z.object({
    name: z.literal('PBKDF2-SHA256'),
    rounds: z.number().check(z.gte(ROUNDS), z.lte(MOST_ROUNDS)),
    salt: z.string(),
  }),
  cipher: z.object({ name: z.literal('AES-256-GCM'), iv: z.string() }),
  sealed: z.string(),
  /** SHA-256 of all that is above: tells a damaged file from a wrong passphrase. */
  digest: z.string(),
})
type BackupFile = z.infer<typeof fileSchema>

/** Throws Failure `passphrase_short` or `passphrases_differ`. client:IDN5 */
export function checkPassphrase(first: string, second: string): void {
  if ([...first].length < PASSPHRASE_CHARACTERS)
    throw new Failure(
      'passphrase_short',
      `Use at least ${PASSPHRASE_CHARACTERS} characters. Several words are easiest to remember.`,
    )
  if (first !== second) throw new Failure('passphrases_differ', 'The two passphrases are not the same. Type the second one again.')
}

/** The text of a backup file. client:IDN5 */
export async function sealBackup(backup: Backup, passphrase: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const key = await deriveKey(passphrase, salt, ROUNDS)
  const plain = new TextEncoder().encode(JSON.stringify(backup))
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: CIPHER, iv }, key, plain))
  plain.fill(0)
  const file: Omit<BackupFile, 'digest'> = {
    format: FORMAT,
    version: 1,
    kdf: { name: 'PBKDF2-SHA256', rounds: ROUNDS, salt: toBase64(salt) },
    cipher: { name: 'AES-256-GCM', iv: toBase64(iv) },
    sealed: toBase64(sealed),
  }
  return `${JSON.stringify({ ...file, digest: await digestOf(file) }, undefined, 2)}\n`
}

/** Throws Failure `not_a_backup`, `backup_damaged` or `wrong_passphrase`. client:IDN7 */
export async function openBackup(text: string, passphrase: string): Promise<Backup> {
  const { digest, ...file } = readFile(text)
  const salt = fromBase64(file.kdf.salt)
  const iv = fromBase64(file.cipher.iv)
  const sealed = fromBase64(file.sealed)
  if (!salt || !iv || !sealed || digest !== (await digestOf(file))) throw damaged()
  const key = await deriveKey(passphrase, salt, file.kdf.rounds)
  const plain = await crypto.subtle.decrypt({ name: CIPHER, iv }, key, sealed).catch(() => {
    throw new Failure('wrong_passphrase', 'This is not the passphrase of this backup. Nothing was changed.')
  })
  const backup = backupSchema.safeParse(parse(new TextDecoder().decode(plain)))
  new Uint8Array(plain).fill(0)
  if (!backup.success) throw damaged()
  return backup.data
}

function readFile(text: string): BackupFile {
  const json = z.object({ format: z.literal(FORMAT), version: z.number() }).safeParse(parse(text))
  if (!json.success)
    throw new Failure('not_a_backup', 'This file is not a backup of an identity, or it is damaged. Nothing was changed.')
  if (json.data.version !== 1)
    throw new Failure('backup_newer', 'This backup was made by a newer version. Update the extension first.')
  const file = fileSchema.safeParse(parse(text))
  if (!file.success) throw damaged()
  return file.data
}

function damaged(): Failure {
  return new Failure('backup_damaged', 'This backup is damaged, so it cannot be used. Nothing was changed.')
}

/** The same passphrase typed on another keyboard may come in other code points: NFKC makes them one. */
async function deriveKey(passphrase: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const text = new TextEncoder().encode(passphrase.normalize('NFKC'))
  const material = await crypto.subtle.importKey('raw', text, 'PBKDF2', false, ['deriveKey'])
  text.fill(0)
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(derivation, material, { name: CIPHER, length: 256 }, false, ['encrypt', 'decrypt'])
}

function digestOf({ format, version, kdf, cipher, sealed }: Omit<BackupFile, 'digest'>): Promise<string> {
  return sha256Hex([format, version, kdf.name, kdf.rounds, kdf.salt, cipher.name, cipher.iv, sealed].join('|'))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
