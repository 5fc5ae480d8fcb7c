import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { listFiles } from './sources.ts'

/** The one place where secrets are compared. */
const CONSTANT_TIME = 'server/auth/secrets.ts'
/** Both sides are what the caller sent: whether a signature is spelled in the canonical way. */
const EXCEPT = "bytes.toString('base64').startsWith(signature)"

/** How things are called that somebody could guess at byte by byte. */
const SECRET =
  /(?:secret|password|passphrase|api_?key|admin_?key|token|ticket|cookie|signature|hmac|digest|pairingcode|unseal(?:ed)?)s?\b/i
/** Of these it is asked what kind of thing it is, or whether it is there. */
const ABOUT = /\.(?:length|size|scheme|kind|state|type)\b|\btypeof\b/
const LITERAL = /^(?:undefined|null|true|false|-?\d+|'[^']*'|[A-Z][A-Z_]+)[),;\]}]*$/
const RIGHT_SIDE = /^[^\s()]*(?:\([^)]*\)+[^\s()]*)*/
const COMPARING_CALL = /([\w.?()[\]']+)\.(?:equals|includes|startsWith|endsWith|localeCompare|indexOf)\(([^)]*)/g
const COMPARING_FUNCTION = /\b(?:Object\.is|Buffer\.compare)\(([^,]*), *([^)]*)/g

/** The two sides of every comparison in a line; code is formatted, so that operators stand between spaces. */
function comparisons(line: string): [string, string][] {
  const parts = line.split(/ [!=]==? /)
  const byOperator = parts.slice(1).map((right, index): [string, string] => {
    const left = parts[index] ?? ''
    return [/(?:typeof )?[^\s(!]\S*$/.exec(left)?.[0] ?? '', RIGHT_SIDE.exec(right)?.[0] ?? '']
  })
  const byCall = [COMPARING_CALL, COMPARING_FUNCTION].flatMap((call) =>
    [...line.matchAll(call)].map(([, left = '', right = '']): [string, string] => [left, right]),
  )
  return [...byOperator, ...byCall]
}

function comparesSecret(line: string): boolean {
  if (/^\s*(?:\*|\/[/*])/.test(line)) return false
  return comparisons(line).some(
    (sides) =>
      sides.some((side) => SECRET.test(side) && !ABOUT.test(side)) && !sides.some((side) => LITERAL.test(side) || ABOUT.test(side)),
  )
}

describe('secrets are compared in constant time', () => {
  const server = listFiles('server', /\.ts$/)

  it('relay:GEN4 node:crypto’s comparison is used by one file, which compares hashes', () => {
    const users = server.filter((path) => readFileSync(path, 'utf8').includes('timingSafeEqual'))
    expect(users).toEqual([CONSTANT_TIME])
  })

  it('relay:GEN4 nothing that is called a secret is compared by anything else', () => {
    const lines = server
      .filter((path) => path !== CONSTANT_TIME)
      .flatMap((path) =>
        readFileSync(path, 'utf8')
          .split('\n')
          .map((line) => ({ path, line })),
      )
    expect(lines.length).toBeGreaterThan(10_000)
    const found = lines.filter(({ line }) => comparesSecret(line) && !line.includes(EXCEPT))
    expect(found.map(({ path, line }) => `${path}: ${line.trim()}`)).toEqual([])
    expect(lines.filter(({ line }) => line.includes(EXCEPT))).toHaveLength(1)
  })

  it.each([
    'if (shown === secret) return true',
    'if (secret !== shown) throw refused()',
    'return token == link.token',
    'const right = request.headers.cookie === expectedCookie',
    'return host.unseal(pairing.sealed) === code',
    'return code === host.unseal(pairing.sealed)',
    'return createHmac("sha256", key).update(body).digest("hex") === shown',
    'if (Buffer.from(shown).equals(signature)) return',
    'return signature.equals(Buffer.from(shown))',
    'if (apiKeys.includes(shown)) return',
    'if (shown.startsWith(config.adminKey)) return',
    'return Buffer.compare(shown, digest) === 0',
    'return Object.is(shown, password)',
    'if (password.localeCompare(shown) === 0) return',
  ])('relay:GEN4 the search finds `%s`', (line) => {
    expect(comparesSecret(line)).toBe(true)
  })

  it.each([
    'if (secret === undefined) return',
    "if (typeof token === 'string') return",
    'if (undefined !== password) return',
    'const scheme = secret.scheme === given.scheme',
    'if (signature.length !== 64) return false',
    "return token.startsWith('xoxb-')",
    '// a token === another token',
    'return equalSecret(shown, secret)',
  ])('relay:GEN4 the search leaves `%s` alone', (line) => {
    expect(comparesSecret(line)).toBe(false)
  })
})
