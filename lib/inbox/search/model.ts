/** What has to be taken into the index of words, or out of it; in the order of the changes. */
export type Unindexed = { profileId: string; kind: 'message' | 'reply' | 'gone'; ids: string[] }

/**
 * The words of some hundred messages and own replies, column by column: read as a whole, many times faster than their rows. A block that
 * changes gets a new `version`, so that a page knows which ones it has read already. docs/adr/0015-search-in-blocks.md
 */
export type SearchBlock = { profileId: string; no: number; version: number } & Columns

/** One entry per item in each. */
export type Columns = {
  ids: string[]
  ours: boolean[]
  at: number[]
  /** Folded. */
  from: string[]
  conversations: string[]
  files: boolean[]
  /** Everything that is searched, folded. */
  texts: string[]
}
