import * as z from 'zod'
import { NoAnswer } from './requests.ts'

/** Why a call to Discord failed. Never holds the token or what was sent, unlike the library's errors. */
export type Trouble =
  | { kind: 'unauthorised' }
  | { kind: 'tooFast'; retryAfterMs: number }
  | { kind: 'unreachable'; neverSent: boolean }
  | { kind: 'refused'; status: number; code: number; description: string }

/** The library's errors by their shape, so that reading one does not load the library. Times in milliseconds. */
const limitedSchema = z.object({ retryAfter: z.number(), sublimitTimeout: z.number(), timeToReset: z.number() })
const refusedSchema = z.object({ status: z.int(), code: z.unknown().optional(), message: z.string() })
const brokenSchema = z.object({ status: z.int() })
/** What the library says once Discord has refused the token. */
const NO_TOKEN = /^Expected token to be set/

/** Reads what a call threw. Anything else is a fault of ours and thrown on. */
export function readTrouble(error: unknown): Trouble {
  if (error instanceof NoAnswer) return { kind: 'unreachable', neverSent: error.neverSent }
  if (!(error instanceof Error)) throw error
  if (NO_TOKEN.test(error.message)) return { kind: 'unauthorised' }
  if (error.name.startsWith('RateLimitError')) {
    const { retryAfter, sublimitTimeout, timeToReset } = limitedSchema.parse(error)
    return { kind: 'tooFast', retryAfterMs: Math.max(retryAfter, sublimitTimeout, timeToReset, 0) }
  }
  if (error.name.startsWith('DiscordAPIError')) {
    const { status, code, message } = refusedSchema.parse({ ...error, message: error.message })
    const number = typeof code === 'number' ? code : 0
    if (status === 401 && number !== INVALID_WEBHOOK_TOKEN) return { kind: 'unauthorised' }
    return { kind: 'refused', status, code: number, description: message.split('\n').slice(0, 2).join(' ') }
  }
  if (error.name === 'HTTPError' && brokenSchema.safeParse(error).success) return { kind: 'unreachable', neverSent: false }
  throw error
}

/** Whether `readTrouble` has a word for it. */
export function isTrouble(error: unknown): boolean {
  try {
    readTrouble(error)
    return true
  } catch {
    return false
  }
}

/** Of an interaction whose fifteen minutes are over. */
export const INVALID_WEBHOOK_TOKEN = 50_027
export const UNKNOWN_WEBHOOK = 10_015
export const UNKNOWN_CHANNEL = 10_003

/** The sentence for the owner. */
export function explain(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'unauthorised':
      return 'Discord does not accept the bot token any more. Press Reset Token in the developer portal (your app > Bot) and add the bot again with the new one.'
    case 'tooFast':
      return 'Discord asks this bot to slow down.'
    case 'unreachable':
      return 'Discord is not reachable.'
    case 'refused':
      return `Discord refused: ${trouble.description}`
  }
}
