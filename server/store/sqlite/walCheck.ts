import { existsSync, readFileSync } from 'node:fs'

/** SQLite's file format of a write-ahead log, in bytes. */
const HEADER = 32
const FRAME_HEADER = 24
/** The second of the two magic numbers says that checksums are made of big-endian words. */
const MAGIC_LITTLE = 0x377f0682
const MAGIC_BIG = 0x377f0683

/**
 * What is wrong with the log beside a store, or `undefined`. SQLite reads a log up to the first frame whose checksum does not fit and silently
 * forgets the rest. After a crash that rest is at most the one transaction that was being written; more of it, from the same log, was
 * committed, and something has changed it since. relay:STO1
 */
export function findLogDamage(walPath: string): string | undefined {
  if (!existsSync(walPath)) return undefined
  const wal = readFileSync(walPath)
  if (wal.length < HEADER) return undefined
  const magic = wal.readUInt32BE(0)
  const sum = createSum(magic === MAGIC_BIG)
  sum.add(wal, 0, 24)
  if ((magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) || !sum.is(wal.readUInt32BE(24), wal.readUInt32BE(28)))
    return 'the head of its log does not fit'
  const pageSize = wal.readUInt32BE(8)
  const salts = wal.subarray(16, 24)
  let bad: number | undefined
  let lostCommit: number | undefined
  for (let frame = 0, at = HEADER; at + FRAME_HEADER + pageSize <= wal.length; frame++, at += FRAME_HEADER + pageSize) {
    const ofThisLog = wal.subarray(at + 8, at + 16).equals(salts)
    if (bad === undefined) {
      sum.add(wal, at, at + 8)
      sum.add(wal, at + FRAME_HEADER, at + FRAME_HEADER + pageSize)
      if (!ofThisLog || !sum.is(wal.readUInt32BE(at + 16), wal.readUInt32BE(at + 20))) bad = frame
    }
    if (bad === undefined || !ofThisLog) continue
    if (lostCommit !== undefined) return `its log does not fit from frame ${bad} on`
    if (wal.readUInt32BE(at + 4) !== 0) lostCommit = frame
  }
  return undefined
}

/** The running checksum of a log: two sums over pairs of 32-bit words. */
function createSum(bigEndian: boolean) {
  let first = 0
  let second = 0
  return {
    add(bytes: Buffer, from: number, to: number): void {
      for (let at = from; at < to; at += 8) {
        first = (first + (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + second) >>> 0
        second = (second + (bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + first) >>> 0
      }
    },
    is: (one: number, two: number) => one === first && two === second,
  }
}
