import { createHmac, randomBytes, scryptSync } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { StoreOpenFailure } from './openFailure.ts'
import type { MetaStore } from './port.ts'

const KEY_BYTES = 32
const KEY_FILE = 'encryption.key'
export const KEY_CHECK = 'key_check'
const SALT = 'key_salt'
/** About 0.1 s, once per start: makes guessing a passphrase slow. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

const WRONG_VARIABLE =
  'CHAOS_ENCRYPTION_KEY is not the key this data was encrypted with. Set it to the value used before, or unset it if none was.'

/** `lost`: the data was sealed with another key, and the operator accepted that. */
export type EncryptionKey = { key: Buffer; lost: boolean }

/**
 * The key of everything sealed, checked against the one the store was used with. `variable` is CHAOS_ENCRYPTION_KEY: 64 hex digits or base64 of 32
 * bytes are the key itself, any other text is a passphrase (scrypt with a salt kept in the store). Without it a random key is kept in the
 * data directory (0600); in `:memory:` nowhere. Throws StoreOpenFailure `wrong_key`, naming variable or file. relay:STO3
 */
export async function openEncryptionKey(options: {
  dataDir: string
  variable: string | undefined
  meta: MetaStore
  acceptKeyLoss: boolean
}): Promise<EncryptionKey> {
  const { dataDir, variable, meta, acceptKeyLoss } = options
  const expected = await meta.get(KEY_CHECK)
  const path = join(dataDir, KEY_FILE)
  const found = variable
    ? await fromVariable(variable, meta)
    : dataDir === ':memory:'
      ? randomBytes(KEY_BYTES)
      : fromFile(path, acceptKeyLoss)
  const key = found ?? randomBytes(KEY_BYTES)
  const known = found !== undefined && expected !== undefined && checkValue(found) === expected
  if (expected !== undefined && !known && !acceptKeyLoss)
    throw wrongKey(variable ? WRONG_VARIABLE : explain(path, found !== undefined))
  if (found === undefined) writeKey(path, key)
  if (!known) await meta.set(KEY_CHECK, checkValue(key))
  return { key, lost: expected !== undefined && !known }
}

async function fromVariable(text: string, meta: MetaStore): Promise<Buffer> {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined
  if (bytes?.length === KEY_BYTES) return bytes
  let salt = await meta.get(SALT)
  if (salt === undefined) {
    salt = randomBytes(16).toString('base64')
    await meta.set(SALT, salt)
  }
  return scryptSync(text, Buffer.from(salt, 'base64'), KEY_BYTES, SCRYPT)
}

/** `undefined` if there is none. A damaged one is set aside once its loss is accepted. */
function fromFile(path: string, acceptKeyLoss: boolean): Buffer | undefined {
  if (!existsSync(path)) return undefined
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64')
  if (key.length === KEY_BYTES) return key
  if (!acceptKeyLoss) throw wrongKey(`The key file ${path} is damaged. Put the original back.`)
  renameSync(path, `${path}.damaged`)
  return undefined
}

/** On the disk before anything is sealed with it. */
function writeKey(path: string, key: Buffer): void {
  const file = openSync(path, 'wx', 0o600)
  writeSync(file, `${key.toString('base64')}\n`)
  fsyncSync(file)
  closeSync(file)
}

/** Tells whether a key is the right one without telling the key. */
function checkValue(key: Buffer): string {
  return createHmac('sha256', key).update('chaos-relay key check').digest('base64')
}

function explain(path: string, present: boolean): string {
  const state = present ? 'is not the one this data was encrypted with' : 'that this data was encrypted with is missing'
  return `The key file ${path} ${state}. Put the right one back, or set CHAOS_ENCRYPTION_KEY if that was used before.`
}

function wrongKey(sentence: string): StoreOpenFailure {
  return new StoreOpenFailure(
    'wrong_key',
    `${sentence} If the key is lost, start with --accept-key-loss and connect the bots again.`,
  )
}
