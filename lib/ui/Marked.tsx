import { Fragment } from 'preact'

/** A text with the characters marked that were found in it. */
export function Marked({ text, at }: { text: string; at: readonly number[] }) {
  const marked = new Set(at)
  const runs: { words: string; hit: boolean }[] = []
  for (const [index, character] of Array.from(text).entries()) {
    const last = runs.at(-1)
    const hit = marked.has(index)
    if (last && last.hit === hit) last.words += character
    else runs.push({ words: character, hit })
  }
  return (
    <>{runs.map(({ words, hit }, index) => (hit ? <mark key={index}>{words}</mark> : <Fragment key={index}>{words}</Fragment>))}</>
  )
}
