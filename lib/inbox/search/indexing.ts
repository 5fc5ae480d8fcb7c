import type { Database } from '../../database/open.ts'
import { addMessage, addReply, mapColumns, noColumns } from './columns.ts'
import type { Columns, SearchBlock, Unindexed } from './model.ts'

/** Items in one block: some hundred kilobytes, read in about a millisecond. */
export const BLOCK_ITEMS = 500
/** Fewer new items than this wait: pages look through them one by one, and a block is not written anew for each. */
const WORTH_WRITING = 200
/** Entries of the log read in one go. */
const ENTRIES = 200

/**
 * Brings the index of words up to date: what is new, once enough waits, and what is gone, at once. Every step is one transaction that
 * ends with its entries crossed off, so that a worker that dies leaves the rest for the next. client:SRC5
 */
export function createIndexing({ db }: { db: Database }): () => Promise<void> {
  let running: Promise<void> | undefined
  let again = false

  async function run(): Promise<void> {
    do {
      again = false
      while (await step(db));
    } while (again)
  }

  return () => {
    again = true
    running ??= run().finally(() => {
      running = undefined
    })
    return running
  }
}

/** Takes in the first entries, all of one profile. False when nothing waits that is worth it. */
async function step(db: Database): Promise<boolean> {
  const reading = db.transaction('unindexed').store
  const [numbers, waiting] = await Promise.all([reading.getAllKeys(undefined, ENTRIES), reading.getAll(undefined, ENTRIES)])
  const isWorthIt = waiting.length === ENTRIES || count(waiting) >= WORTH_WRITING || waiting.some(({ kind }) => kind === 'gone')
  const [first] = waiting
  if (!first || !isWorthIt) return false
  const { profileId } = first
  const entries = firstFew(waiting)
  const done = numbers.slice(0, entries.length)
  const fresh = await readItems(db, entries)
  const gone = new Set(entries.flatMap(({ kind, ids }) => (kind === 'gone' ? ids : [])))

  const transaction = db.transaction(['unindexed', 'searchBlocks'], 'readwrite')
  const log = transaction.objectStore('unindexed')
  const blocks = transaction.objectStore('searchBlocks')
  const put = async ({ no, version }: Pick<SearchBlock, 'no' | 'version'>, columns: Columns): Promise<void> => {
    await blocks.delete([profileId, no, version])
    if (columns.ids.length > 0) await blocks.put({ profileId, no, version: version + 1, ...columns })
  }
  // A profile that was deleted meanwhile took its entries along: nothing is written behind it (client:PRF5).
  if ((await log.getKey(IDBKeyRange.only(done[0]))) !== undefined) {
    const all = IDBKeyRange.bound([profileId], [profileId, []])
    if (gone.size > 0)
      for (const key of await blocks.getAllKeys(all)) {
        const block = await blocks.get(key)
        if (block?.ids.some((id) => gone.has(id))) await put(block, without(block, gone))
      }
    const last = (await blocks.openCursor(all, 'prev'))?.value
    const open = last ?? { no: 0, version: 0, ...noColumns() }
    const filled = fresh.ids.length > 0 ? mapColumns(open, (column, name) => [...column, ...(fresh[name] as typeof column)]) : fresh
    for (let from = 0; from < filled.ids.length; from += BLOCK_ITEMS)
      await put(
        from === 0 ? open : { no: open.no + from / BLOCK_ITEMS, version: 0 },
        mapColumns(filled, (column) => column.slice(from, from + BLOCK_ITEMS)),
      )
    await Promise.all(done.map((number) => log.delete(number)))
  }
  await transaction.done
  return true
}

/** Of one profile, and about a block's worth. */
function firstFew(waiting: readonly Unindexed[]): Unindexed[] {
  const few: Unindexed[] = []
  for (const entry of waiting) {
    if (entry.profileId !== waiting[0]?.profileId || count(few) >= BLOCK_ITEMS) break
    few.push(entry)
  }
  return few
}

/** The items these entries name, as far as they are still there; one entry after the other, so that a page can paint between them. */
export async function readItems(db: Database, entries: readonly Unindexed[], signal?: AbortSignal): Promise<Columns> {
  const columns = noColumns()
  for (const { kind, profileId, ids } of entries) {
    if (kind === 'gone' || signal?.aborted) continue
    if (kind === 'message') {
      const { store } = db.transaction('messages')
      for (const row of await Promise.all(ids.map((id) => store.get([profileId, id])))) if (row) addMessage(columns, row)
    } else {
      const { store } = db.transaction('replies')
      for (const row of await Promise.all(ids.map((id) => store.get(id)))) if (row) addReply(columns, row)
    }
  }
  return columns
}

function without(block: Columns, gone: ReadonlySet<string>): Columns {
  return mapColumns(block, (column) => column.filter((_value, place) => !gone.has(block.ids[place] ?? '')))
}

const count = (entries: readonly Unindexed[]): number => entries.reduce((sum, { ids }) => sum + ids.length, 0)
