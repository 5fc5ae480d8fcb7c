import { type ComponentChildren, Fragment } from 'preact'

const OPEN = '\uE000'
const CLOSE = '\uE001'

/** Placeholders for i18n.t, to be filled with elements by `rich`: translators keep the word order. */
export function slots<const K extends string>(...names: K[]): Record<K, string> {
  return Object.fromEntries(names.map((name) => [name, `${OPEN}${name}${CLOSE}`])) as Record<K, string>
}

/** A translated sentence with elements in its slots. */
export function rich(text: string, parts: Record<string, ComponentChildren>): ComponentChildren {
  return text
    .split(new RegExp(`${OPEN}(.*?)${CLOSE}`))
    .map((piece, index) => <Fragment key={index}>{index % 2 === 0 ? piece : parts[piece]}</Fragment>)
}
