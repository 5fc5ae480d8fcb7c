import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { HttpAnswer, HttpRequest } from './http.ts'
import { spellingsOf } from './spellings.ts'

/** Shorter values are words of a test, not secrets of a relay. */
const SHORTEST = 16
/** Of each relay the first so many: a thousand clients have a thousand keys of one kind. */
const MOST = 60
/** Below this nothing of ours is nested. */
const DEEPEST = 8
/** Members of answers that the rules show once, and of requests that a caller confides. */
const SECRET = /^(?:apiKey|ticket|webhookSecret|signingSecret|secret|botToken|appToken|inboundSecret)$/
/** Addresses that hold one in their query. */
const ADDRESS = /^(?:webhookUrl|inboundUrl|url)$/
const IN_ENV = /(?:KEY|SECRET|TOKEN|PASSWORD)$/
/** Files that are a key. */
const KEY_FILES: ReadonlySet<string> = new Set(['encryption.key'])

const watches = new Map<string, SecretWatch>()

type SecretWatch = ReturnType<typeof createSecretWatch>

/**
 * What one relay of a test must keep to itself: whatever comes by in its settings, its answers and what callers confide to it. Looked for in the answers
 * that refuse, and when the relay ends in its log and in all its files. relay:STO2, LOG1, ERR1
 */
function createSecretWatch(env: Record<string, string>, forget: () => void) {
  const spellings = new Map<string, { name: string; spellings: Buffer[] }>()
  const leaks = new Set<string>()

  function note(name: string, value: unknown): void {
    if (typeof value !== 'string' || value.length < SHORTEST || spellings.has(value) || spellings.size >= MOST) return
    spellings.set(value, { name, spellings: spellingsOf(value) })
  }

  function noteMembers(value: unknown, deep = 0): void {
    if (typeof value !== 'object' || value === null || deep > DEEPEST) return
    for (const [name, member] of Object.entries(value)) {
      if (SECRET.test(name)) note(name, member)
      else if (ADDRESS.test(name) && typeof member === 'string') noteAddress(name, member)
      else noteMembers(member, deep + 1)
    }
  }

  function noteAddress(name: string, address: string): void {
    const query = URL.parse(address)?.searchParams
    for (const key of ['token', 'secret']) note(`${key} in ${name}`, query?.get(key) ?? undefined)
  }

  function look(where: string, bytes: Buffer): void {
    for (const { name, spellings: all } of spellings.values())
      if (all.some((spelling) => bytes.includes(spelling))) leaks.add(`${name} in ${where}`)
  }

  for (const [name, value] of Object.entries(env)) if (IN_ENV.test(name)) note(name, value)

  return {
    exchanged(method: string, target: string, { body }: HttpRequest, answer: HttpAnswer): void {
      if (answer.status >= 400) look(`${answer.status} of ${method} ${target.split('?')[0]}`, answer.bytes)
      else {
        noteMembers(parsed(body))
        noteMembers(answer.json)
      }
    },
    /** The relay ended: throws when anything of it was found, by name and place, never by value. */
    ended(log: string, dataDir: string): void {
      forget()
      if (spellings.size === 0) return
      look('the log', Buffer.from(log))
      for (const path of filesBelow(dataDir)) look(relative(dataDir, path), readFileSync(path))
      if (leaks.size > 0) throw new Error(`Secrets of the relay in clear: ${[...leaks].sort().join(', ')}`)
    },
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !KEY_FILES.has(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function parsed(body: HttpRequest['body']): unknown {
  if (body === undefined) return undefined
  try {
    return JSON.parse(String(body))
  } catch {
    return undefined
  }
}

/** Whoever talks to this address from now on is listened to. */
export function watchSecrets(url: string, env: Record<string, string> = {}): SecretWatch {
  const { origin } = new URL(url)
  const watch = createSecretWatch(env, () => watches.delete(origin))
  watches.set(origin, watch)
  return watch
}

export const watchOf = (url: URL): SecretWatch | undefined => watches.get(url.origin)
