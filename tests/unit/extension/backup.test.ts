import { beforeAll, describe, expect, it } from 'vitest'
import { Failure } from '../../../lib/messaging/failure.ts'
import { type Backup, checkPassphrase, openBackup, privateKeySchema, sealBackup } from '../../../lib/profiles/backup.ts'
import { createKeyPair } from '../../../lib/relay/keys.ts'

const PASSPHRASE = 'correct horse battery'
const codeOf = (error: unknown) => (error instanceof Failure ? error.code : error)
const refusal = (text: string, passphrase = PASSPHRASE) => openBackup(text, passphrase).then(() => 'opened', codeOf)

let backup: Backup
let file: string
beforeAll(async () => {
  const pair = await createKeyPair(true)
  backup = {
    name: 'home',
    relayUrl: 'https://relay.test',
    privateKey: privateKeySchema.parse(await crypto.subtle.exportKey('jwk', pair.privateKey)),
    pin: { origin: 'https://relay.test', key: pair.publicKey, pinnedAt: 5 },
    channels: [],
    createdAt: 7,
  }
  file = await sealBackup(backup, PASSPHRASE)
})

describe('a backup file', () => {
  it('client:IDN5 takes a passphrase of 12 characters, twice the same', () => {
    const tried = (first: string, second = first): unknown => {
      try {
        return checkPassphrase(first, second)
      } catch (error) {
        return codeOf(error)
      }
    }
    expect(tried('elevenchars')).toBe('passphrase_short')
    expect(tried('twelve chars')).toBeUndefined()
    expect(tried('twelve chars', 'twelve Chars')).toBe('passphrases_differ')
    expect(tried('🔑'.repeat(11))).toBe('passphrase_short')
  })

  it('client:IDN5 is versioned, says how it is sealed, and shows nothing of what is inside', () => {
    const { kdf, cipher, format, version } = JSON.parse(file)
    expect({ format, version }).toEqual({ format: 'chaos-relay-identity', version: 1 })
    expect(kdf).toMatchObject({ name: 'PBKDF2-SHA256', rounds: 600_000 })
    expect(cipher).toMatchObject({ name: 'AES-256-GCM' })
    for (const secret of [backup.privateKey.d, backup.privateKey.x, 'relay.test', 'home', PASSPHRASE])
      expect(file).not.toContain(secret)
  })

  it('client:IDN5 can be opened by whoever knows the scheme, without this code', async () => {
    const { kdf, cipher, sealed } = JSON.parse(file)
    const bytes = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(PASSPHRASE), 'PBKDF2', false, ['deriveBits'])
    const derived = await crypto.subtle.deriveBits(
      { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(kdf.salt), iterations: 600_000 },
      material,
      256,
    )
    const key = await crypto.subtle.importKey('raw', derived, 'AES-GCM', false, ['decrypt'])
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes(cipher.iv) }, key, bytes(sealed))
    expect(JSON.parse(new TextDecoder().decode(plain))).toEqual(backup)
  })

  it('client:IDN5 is different every time', async () => {
    expect(JSON.parse(await sealBackup(backup, PASSPHRASE)).sealed).not.toBe(JSON.parse(file).sealed)
  })

  it('client:IDN7 opens with its passphrase only, however its characters are composed', async () => {
    expect(await openBackup(file, PASSPHRASE)).toEqual(backup)
    expect(await refusal(file, 'correct horse batterz')).toBe('wrong_passphrase')
    expect(await refusal(file, '')).toBe('wrong_passphrase')
    const composed = await sealBackup(backup, 'caf\u00e9 caf\u00e9 caf\u00e9')
    expect(await refusal(composed, 'cafe\u0301 cafe\u0301 cafe\u0301')).toBe('opened')
  })

  it('client:IDN7 a damaged file says so, wherever the damage is', async () => {
    const json = JSON.parse(file)
    const flip = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
    for (const damaged of [
      { ...json, sealed: flip(json.sealed) },
      { ...json, sealed: json.sealed.slice(0, -8) },
      { ...json, sealed: '***' },
      { ...json, kdf: { ...json.kdf, salt: flip(json.kdf.salt) } },
      { ...json, cipher: { ...json.cipher, iv: flip(json.cipher.iv) } },
      { ...json, kdf: { ...json.kdf, rounds: 600_001 } },
      { ...json, kdf: { ...json.kdf, rounds: 1 } },
      { ...json, kdf: { ...json.kdf, rounds: 1e12 } },
      { ...json, digest: '' },
      { ...json, sealed: undefined },
    ])
      expect(await refusal(JSON.stringify(damaged))).toBe('backup_damaged')
    for (const other of ['', '{}', '[]', 'null', file.slice(0, -20), '{"format":"something"}'])
      expect(await refusal(other)).toBe('not_a_backup')
    expect(await refusal(JSON.stringify({ ...json, version: 2 }))).toBe('backup_newer')
  })

  it('client:IDN2 no refusal holds the passphrase', async () => {
    const error = await openBackup(file, 'a secret of mine').catch((cause: unknown) => cause)
    expect(`${error} ${JSON.stringify(error)} ${(error as Failure).cause}`).not.toContain('a secret of mine')
  })
})
