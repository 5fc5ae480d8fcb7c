import type { InboxState, InboxStore } from '../store/port.ts'

/** Where a client stands: the last seq it has, and the epoch it belongs to; without an epoch nothing is said about what is missing. */
export type Cursor = { after: number; epoch: string | undefined }

/** What a client that follows a time misses; one of another epoch reads on from that time all the same. relay:CUR8 */
export async function missedSince(
  inbox: Pick<InboxStore, 'droppedSince'>,
  userId: string,
  state: InboxState,
  { since, epoch }: { since: number; epoch: string | undefined },
): Promise<Omit<Start, 'from'>> {
  if (epoch === undefined) return { recovered: true, dropped: 0 }
  const dropped = await inbox.droppedSince(userId, since)
  return { recovered: epoch === state.epoch && dropped === 0, dropped }
}

/** Where reading starts, and whether the client then has everything. relay:CUR8 */
export type Start = { from: number; recovered: boolean; dropped: number }

/**
 * A cursor of another epoch, or beyond the head (a store that lost its tail), says nothing about this inbox: reading starts at the oldest stored
 * message. relay:CUR8, WS9
 */
export async function startOf(
  inbox: Pick<InboxStore, 'droppedAbove'>,
  userId: string,
  state: InboxState,
  cursor: Cursor,
): Promise<Start> {
  if (cursor.epoch === undefined) return { from: cursor.after, recovered: true, dropped: 0 }
  if (cursor.epoch !== state.epoch || cursor.after > state.head) return { from: 0, recovered: false, dropped: 0 }
  const dropped = await inbox.droppedAbove(userId, cursor.after)
  return { from: cursor.after, recovered: dropped === 0, dropped }
}
