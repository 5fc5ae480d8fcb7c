/** client:PRF1: the name of the profile nobody named. */
export const DEFAULT_NAME = 'default'
/** A name has to fit beside a count; characters. */
export const NAME_CHARACTERS = 40

/** What a profile is called that was asked for by these words. client:PRF1 */
export function profileName(words: string): string {
  const name = words
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, NAME_CHARACTERS)
    .replace(/-+$/, '')
  return name === '' ? DEFAULT_NAME : name
}

export function isUnnamed(name: string): boolean {
  return name === DEFAULT_NAME || name === ''
}

/** `name`, `name-2`, `name-3`… client:IDN7 */
export function freeName(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`
    if (!taken.includes(candidate)) return candidate
  }
}
