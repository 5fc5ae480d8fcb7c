import { randomBytes } from 'node:crypto'
import { spellingsOf } from '../../support/spellings.ts'

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
