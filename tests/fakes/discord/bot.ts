import { generateKeyPairSync } from 'node:crypto'
import type { APIUser } from 'discord-api-types/v10'
import { createQueue } from '../queue.ts'
import type { FakeBot } from './model.ts'

export function createBot(id: string, username: string): FakeBot {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  return {
    token: botToken(id, username),
    user: apiUser(id, username, true),
    application: { id, name: username, verify_key: raw.toString('hex') },
    privateKey,
    messageContent: true,
    sessions: new Map(),
    interactions: new Map(),
    sent: createQueue(),
    typing: createQueue(),
    callbacks: createQueue(),
    sessionStarts: createQueue(),
    calls: createQueue(),
  }
}

/** Three parts, the first of them the bot's id. */
export function botToken(id: string, seed: string): string {
  const part = (text: string) => Buffer.from(text).toString('base64url')
  return `${part(id)}.Gfake_.${part(`${seed}-0123456789abcdefghijklmnop`)}`
}

export function apiUser(id: string, username: string, bot = false): APIUser {
  return { id, username, discriminator: '0', global_name: null, avatar: null, ...(bot && { bot: true }) }
}
