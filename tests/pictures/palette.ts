import { readPng, writePng } from './png.ts'

const COLOURS_MAX = 256
/** So many of the most used are kept whatever they are near to: grounds that differ by a breath must go on differing. */
const KEPT = 160

/**
 * The same picture with at most 256 colours, about a third of the size. Grounds, lines and full text colours, which fill most of a page,
 * stay exactly what they are; the rarest half tones around letters become their nearest neighbour.
 */
export function shrink(file: Buffer): Buffer {
  const { width, height, colours } = readPng(file)
  const counts = new Map<number, number>()
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const byUse = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
  const palette = choose(byUse)
  const nearest = new Map(byUse.map((colour) => [colour, indexOfNearest(palette, colour)]))
  return writePng(
    width,
    height,
    palette,
    Uint8Array.from(colours, (colour) => nearest.get(colour) ?? 0),
  )
}

/** The most used colours that are not too near to a more used one; "too near" grows until they are few enough. */
function choose(byUse: readonly number[]): number[] {
  for (let apart = 0; ; apart += 2) {
    const chosen = byUse.slice(0, KEPT)
    for (const colour of byUse.slice(KEPT)) {
      if (chosen.every((other) => distance(colour, other) > apart * apart)) chosen.push(colour)
      if (chosen.length > COLOURS_MAX) break
    }
    if (chosen.length <= COLOURS_MAX) return chosen
  }
}

function indexOfNearest(palette: readonly number[], colour: number): number {
  let best = 0
  for (let index = 1; index < palette.length; index += 1)
    if (distance(palette[index] ?? 0, colour) < distance(palette[best] ?? 0, colour)) best = index
  return best
}

/** Squared; the eye sees green best. */
function distance(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16)
  const green = ((a >> 8) & 255) - ((b >> 8) & 255)
  const blue = (a & 255) - (b & 255)
  return 2 * red * red + 4 * green * green + blue * blue
}
