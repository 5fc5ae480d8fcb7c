import type { DatabaseSync } from 'node:sqlite'
import type { MaintenanceStore } from '../port.ts'
import type { createExpiry } from './expiry.ts'
import type { CommitQueue } from './queue.ts'
import type { createScrub } from './scrub.ts'

const WRITE_PROBE = `
  INSERT INTO meta (key, value) VALUES ('probe', '1') ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1 RETURNING value`
const READ_PROBE = `SELECT value FROM meta WHERE key = 'probe'`

const OVERVIEW = `
  SELECT (SELECT count(*) FROM sessions) AS sessions,
    (SELECT count(*) FROM replies WHERE state = 'queued') AS queuedReplies,
    (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) AS bytes`

type Overview = Awaited<ReturnType<MaintenanceStore['overview']>>
type Parts = {
  database: DatabaseSync
  queue: CommitQueue
  expiry: ReturnType<typeof createExpiry>
  scrub: ReturnType<typeof createScrub>
}

export function createMaintenance({ database, queue, expiry, scrub }: Parts): MaintenanceStore {
  const writeProbe = database.prepare(WRITE_PROBE)
  const overview = database.prepare(OVERVIEW)
  const readProbe = database.prepare(READ_PROBE)
  return {
    expire: (limits) => queue.add(() => expiry.slice(limits)),
    scrub: () => queue.add(() => scrub.slice()),
    async probe() {
      const written = await queue.add(() => Number(writeProbe.get()?.value))
      const read = await queue.read(() => Number(readProbe.get()?.value))
      if (read < written) throw new Error('the store does not give back what it took')
    },
    overview: () => queue.read(() => ({ ...(overview.get() as Overview) })),
    stats: () => queue.stats(),
    queued: () => queue.queued(),
  }
}
