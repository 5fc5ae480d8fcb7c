/** Discord's ids are times: milliseconds since this, and 22 more bits. */
const EPOCH_MS = 1_420_070_400_000
const SNOWFLAKE = /^\d{1,20}$/

/** The id that stands before everything written at `time` (epoch milliseconds) or later. */
export function snowflakeAt(time: number): string {
  return String(BigInt(Math.max(0, Math.floor(time) - EPOCH_MS)) << 22n)
}

/** When something got its id, epoch milliseconds; undefined for what is no id of Discord's. */
export function timeOf(id: string): number | undefined {
  return SNOWFLAKE.test(id) ? Number(BigInt(id) >> 22n) + EPOCH_MS : undefined
}

/** The later of two ids. Anything that is no id of Discord's is earlier than everything. */
export function laterId(a: string, b: string): string {
  return number(a) >= number(b) ? a : b
}

export function isLater(a: string, b: string): boolean {
  return number(a) > number(b)
}

/** For sorting, the earliest first. */
export function byId(a: { id: string }, b: { id: string }): number {
  return isLater(a.id, b.id) ? 1 : isLater(b.id, a.id) ? -1 : 0
}

function number(id: string): bigint {
  return SNOWFLAKE.test(id) ? BigInt(id) : -1n
}
