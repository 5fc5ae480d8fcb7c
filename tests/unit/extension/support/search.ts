import type { Database } from '../../../../lib/database/open.ts'
import { createSearching, type Places } from '../../../../lib/inbox/search/find.ts'
import { readQuery } from '../../../../lib/inbox/search/query.ts'

type Options = { limit?: number; profileId?: string; places?: Places }

/** What a fresh page finds, with the ids of what it lists. */
export async function findIn(db: Database, text: string, { limit = 50, profileId = 'default', places }: Options = {}) {
  const found = await createSearching({ db, profileId }).search(readQuery(text), limit, places)
  return { ...found, ids: found.items.map((item) => (item.kind === 'message' ? item.message.id : item.reply.clientId)) }
}

/** How many items each block of the index holds. */
export async function blockSizes(db: Database): Promise<number[]> {
  return (await db.getAll('searchBlocks')).map(({ ids }) => ids.length)
}
