import { escapeHtml } from '../http/escapeHtml.ts'

/** Markup that is safe to put into a page: only `html` makes it. */
export class Html {
  readonly #markup: string
  constructor(markup: string) {
    this.#markup = markup
  }
  toString(): string {
    return this.#markup
  }
}

/** What may stand in a template: text is escaped, nothing is left out. */
export type Fragment = Html | string | number | undefined | false | readonly Fragment[]

/** A piece of a page. Whatever is put into it is text, also inside quoted attributes, unless it was made by `html` itself. relay:ADM9 */
export function html(parts: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  return new Html(parts.reduce((text, part, index) => text + markup(values[index - 1]) + part))
}

function markup(value: Fragment): string {
  if (value === undefined || value === false) return ''
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number' || value instanceof Html) return String(value)
  return value.map(markup).join('')
}
