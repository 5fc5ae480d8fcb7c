import type { Database } from '../database/open.ts'
import type { FetchFile } from './fetchFile.ts'

/**
 * Fetches the files of messages that have just come in, one after the other (client:ARC5), where the user wants that. What fails here, or
 * is cut short by the worker's end, is fetched when it is opened. client:CAT1
 */
export function createArrivingFetcher({
  db,
  fetchFile,
  isWanted,
}: {
  db: Database
  fetchFile: FetchFile
  isWanted: (profileId: string) => Promise<boolean>
}) {
  let turn: Promise<void> = Promise.resolve()

  async function fetchAll(profileId: string, messageIds: string[]): Promise<void> {
    if (!(await isWanted(profileId))) return
    for (const messageId of messageIds) {
      const message = await db.get('messages', [profileId, messageId])
      for (const { id } of message?.attachments ?? []) await fetchFile(profileId, messageId, id).catch(() => undefined)
    }
  }

  return (profileId: string, messageIds: string[]): Promise<void> => {
    const next = (): Promise<void> => fetchAll(profileId, messageIds)
    turn = turn.then(next, next)
    return turn
  }
}
