import { closeSync, copyFileSync, existsSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs'

/** Where SQLite's file header keeps the page size and the number of pages (big-endian). */
const PAGE_SIZE_AT = 16
const PAGE_COUNT_AT = 28
const HEADER_BYTES = 100
const COPIED = ['', '-wal']

/**
 * A path to read a store from although its end is cut off: SQLite reads nothing at all from a file shorter than its header says. A cut one is copied
 * and filled up with empty pages; the original stays as it was found.
 */
export function padded(path: string): { path: string; remove(): void } {
  const wanted = bytesByHeader(path)
  if (statSync(path).size >= wanted) return { path, remove: () => {} }
  const copy = `${path}.padded`
  const remove = () => {
    for (const suffix of [...COPIED, '-shm']) rmSync(copy + suffix, { force: true })
  }
  remove()
  for (const suffix of COPIED) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix)
  truncateSync(copy, wanted)
  return { path: copy, remove }
}

/** 0 when there is no header to go by. */
function bytesByHeader(path: string): number {
  const header = Buffer.alloc(HEADER_BYTES)
  const file = openSync(path, 'r')
  try {
    if (readSync(file, header) < HEADER_BYTES) return 0
  } finally {
    closeSync(file)
  }
  const pageSize = header.readUInt16BE(PAGE_SIZE_AT)
  return (pageSize === 1 ? 65_536 : pageSize) * header.readUInt32BE(PAGE_COUNT_AT)
}
