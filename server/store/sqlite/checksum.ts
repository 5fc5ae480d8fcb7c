import { crc32 } from 'node:zlib'

/** Stands for an absent value, so that nothing and the empty text differ. */
const ABSENT = '\u0001'

/**
 * CRC-32 over the stored columns of a row, its place included, so that a bit flipped on the disk, which SQLite itself does not notice, is found when the
 * row is read. Not a protection against intent. relay:STO1
 */
export function rowChecksum(...columns: (string | number | null)[]): number {
  let text = ''
  for (const column of columns) text += `${column ?? ABSENT}\u0000`
  return crc32(text)
}

export function bytesChecksum(bytes: Uint8Array): number {
  return crc32(bytes)
}

/** A row whose checksum does not fit. `key` names it for the operator. */
export type Damage = { table: 'messages' | 'replies' | 'files'; key: string }
