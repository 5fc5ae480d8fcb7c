/**
 * Up to two letters for an avatar: of the first and last word of a name, of a "#channel-name", of an address before its "@". A single
 * lower-case word (a webhook's name) gives its first two characters as they are.
 */
export function initials(name: string): string {
  const bare = name.replace(/^[#@]/, '').split('@')[0] ?? ''
  const words = bare.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const first = words[0]
  if (first === undefined) return '?'
  const last = words.at(-1) ?? first
  if (words.length === 1) return isLower(name) ? letters(first, 2) : letters(first, 1).toLocaleUpperCase()
  return (letters(first, 1) + letters(last, 1)).toLocaleUpperCase()
}

function isLower(text: string): boolean {
  return text === text.toLocaleLowerCase() && text !== text.toLocaleUpperCase()
}

function letters(word: string, count: number): string {
  return [...word].slice(0, count).join('')
}
