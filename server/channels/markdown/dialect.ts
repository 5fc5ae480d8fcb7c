import type { Tag } from './runs.ts'

/** How a platform writes what Markdown can say. */
export type Dialect = {
  bold: Tag
  italic: Tag
  strike: Tag
  spoiler: Tag
  code: Tag
  pre(language: string | undefined): Tag
  quote: Tag
  /** Undefined where the platform cannot link to the address: it is written out instead. */
  link(address: string): Tag | undefined
}
