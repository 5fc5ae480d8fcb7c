/** A small reproducible generator (mulberry32): a failing mutation can be made again. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Each differs from the original in one member, in a way that a header or a body can carry. */
export function* mutations<T extends Record<string, string>>(original: T, count: number, seed: number): Generator<T> {
  const random = numbers(seed)
  const names = Object.keys(original)
  for (let made = 0; made < count; ) {
    const name = names[random(names.length)] ?? ''
    const before = original[name] ?? ''
    const after = mutated(before, random)
    // Spaces around a header are not part of it.
    if (after.trim() === before.trim()) continue
    made += 1
    yield { ...original, [name]: after }
  }
}

function mutated(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1)
  const character = 'ABCxyz019+/=,.-_ '[random(17)] ?? 'A'
  switch (random(7)) {
    case 0:
      return text.slice(0, at) + character + text.slice(at + 1)
    case 1:
      return text.slice(0, at) + text.slice(at + 1)
    case 2:
      return text.slice(0, at) + character + text.slice(at)
    case 3:
      return text.slice(0, at)
    case 4:
      return text.toUpperCase()
    case 5:
      return [...text].reverse().join('')
    default:
      return text.slice(0, at) + (text[at] ?? '') + (text[at] ?? '') + text.slice(at + 1)
  }
}
