/** client:PIN5 */
export const TRUST_CHARACTERS = 8

/** How far what is typed agrees with the beginning of a fingerprint. Spaces and case do not count. */
export type Typed = { state: 'incomplete'; missing: number } | { state: 'differs' } | { state: 'match'; typed: string }

export function compareTyped(text: string, fingerprint: string): Typed {
  const typed = bare(text)
  const wanted = bare(fingerprint).slice(0, TRUST_CHARACTERS)
  if (!wanted.startsWith(typed)) return { state: 'differs' }
  return typed.length === TRUST_CHARACTERS
    ? { state: 'match', typed }
    : { state: 'incomplete', missing: TRUST_CHARACTERS - typed.length }
}

function bare(text: string): string {
  return text.replace(/\s/g, '').toLowerCase()
}
