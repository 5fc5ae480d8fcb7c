import { randomBytes } from 'node:crypto'

/** Something that must not get about, and the places where the rules let it stand. */
export type Secret = { name: string; spellings: readonly Buffer[]; mayStand: RegExp | undefined }

export type Secrets = ReturnType<typeof createSecrets>

/** Every secret of a run, each a value that occurs nowhere by chance. */
export function createSecrets() {
  const all: Secret[] = []

  /** Watches for a value; `mayStand` matches the places where it is shown by rule, without it there is none. */
  function watch(name: string, value: string, mayStand?: RegExp): string {
    if (value.length < 8) throw new Error(`${name} is too short to be told from chance: "${value}"`)
    all.push({ name, spellings: spellingsOf(value), mayStand })
    return value
  }

  return {
    all: all as readonly Secret[],
    watch,
    /** A value of its own for something the test chooses. */
    make: (name: string, mayStand?: RegExp, prefix = ''): string =>
      watch(name, `${prefix}${randomBytes(15).toString('hex')}`, mayStand),
  }
}

/** As it is, escaped for a URL, in hexadecimal, and in Base64 wherever in an encoded text it stands. */
function spellingsOf(value: string): Buffer[] {
  const bytes = Buffer.from(value)
  const plain = [value, encodeURIComponent(value), bytes.toString('hex')]
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    // What depends on the neighbours as well is left out.
    return text.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + bytes.length) * 4) / 3))
  })
  // A key that is written as digits may be kept as bytes.
  const raw = /^(?:[0-9a-f]{2}){16,}$/.test(value) ? [Buffer.from(value, 'hex')] : []
  const encoded = shifted.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
  const texts = [...plain, ...encoded, ...raw.map((key) => key.toString('base64').replace(/=+$/, ''))]
  return [...[...new Set(texts)].map((text) => Buffer.from(text)), ...raw]
}
