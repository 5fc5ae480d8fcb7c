import type { InboxState, InboxStore } from '../store/port.ts'

/** Where a client stands: the last seq it has, and the epoch it belongs to; without an epoch nothing is said about what is missing. */
export type Cursor = { after: number; epoch: string | undefined }

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
