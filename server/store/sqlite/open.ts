import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { ChannelMessage } from '#protocol/message.ts'
import { lockDataDir } from '../lock.ts'
import type { InboxStore, Store } from '../port.ts'
import { createAppend } from './append.ts'
import { createApprovals } from './approvals.ts'
import { createAttachments } from './attachments.ts'
import { createChannelKeys } from './channelKeys.ts'
import { createChannels } from './channels.ts'
import type { Damage } from './checksum.ts'
import { createDamageLog } from './damage.ts'
import { openDatabase, prepareDataDir } from './database.ts'
import { createEnqueue } from './enqueue.ts'
import { createExpiry } from './expiry.ts'
import { createFiles } from './files.ts'
import { createHandedOut, handedOutBefore } from './handedOut.ts'
import { createHeads } from './heads.ts'
import { createInbox } from './inbox.ts'
import { createMaintenance } from './maintenance.ts'
import { createMessagePages } from './messagePages.ts'
import { createMeta } from './meta.ts'
import { createOperator } from './operator.ts'
import { createPasses } from './passes.ts'
import { createPositions } from './positions.ts'
import { createCommitQueue } from './queue.ts'
import { createRemoval } from './removal.ts'
import { createRepeats } from './repeats.ts'
import { createReplyStore } from './replies.ts'
import { createReplyRows } from './replyRows.ts'
import { createReplyTails } from './replyTails.ts'
import { createScrub } from './scrub.ts'
import { createNonces, createSessions } from './sessions.ts'

export type SqliteOptions = {
  /** A file, in a directory that is this relay's own, or ':memory:'. */
  path: string
  /** Told once of every row whose checksum does not fit. relay:STO1 */
  onDamage?: (damage: Damage) => void
  /** Told of every commit: how many writes shared it, and its seconds. */
  onBatch?: (jobs: number, seconds: number) => void
  /** Runs inside each transaction just before its COMMIT; a test throws here. */
  beforeCommit?: () => void
}

/** The embedded store on node:sqlite. Throws StoreOpenFailure with a sentence for the operator. */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  if (options.path === ':memory:') return assemble(openDatabase(options.path), options)
  prepareDataDir(dirname(options.path))
  const lock = lockDataDir(dirname(options.path))
  try {
    const store = assemble(openDatabase(options.path), options)
    return {
      ...store,
      async close() {
        await store.close()
        lock.close()
      },
    }
  } catch (error) {
    lock.close()
    throw error
  }
}

function assemble(database: DatabaseSync, options: SqliteOptions): Store {
  const { onDamage = () => {}, onBatch = () => {}, beforeCommit = () => {} } = options
  const before = handedOutBefore(database)
  const heads = createHeads(database, before)
  const tails = createReplyTails(database, before)
  const channelKeys = createChannelKeys(database)
  const commits = createCommitNews()
  const queue = createCommitQueue(database, {
    beforeCommit,
    onBatch,
    onCommit() {
      heads.trim()
      tails.trim()
      commits.tell()
    },
    onRollback() {
      heads.reload()
      tails.reload()
      channelKeys.reload()
      commits.drop()
    },
  })
  const keepHandedOut = createHandedOut({ database, queue })
  const damage = createDamageLog(onDamage)
  const files = createFiles(database)
  const positions = createPositions(database)
  const repeats = createRepeats(database)
  const channels = createChannels({ database, queue, channelKeys, positions })
  const passes = createPasses({ database, queue })
  const removal = createRemoval({ database, channels, passes })
  const pages = createMessagePages({ database, queue, damage })
  const append = createAppend({ database, queue, heads, channelKeys, repeats, files, positions, stored: commits.add })
  const rows = createReplyRows({ database, damage })
  const entry = createEnqueue({ database, queue, heads, channelKeys, repeats, files, rows, tails })
  const expiry = createExpiry({ database, heads, files, removal })
  const scrub = createScrub({ database, damage })
  return {
    sessions: createSessions({ database, queue, heads, removal, passes }),
    nonces: createNonces({ database, queue }),
    inbox: createInbox({ database, queue, heads, channelKeys, files, pages, append, keepHandedOut, onCommitted: commits.listen }),
    replies: createReplyStore({ database, queue, channelKeys, rows, tails, entry, keepHandedOut }),
    channels: channels.store,
    attachments: createAttachments({ database, queue, damage }),
    approvals: createApprovals({ database, queue }),
    passes: passes.store,
    operator: createOperator({ database, queue, rows }),
    meta: createMeta({ database, queue }),
    maintenance: createMaintenance({ database, queue, expiry, scrub }),
    async close() {
      await queue.drained()
      database.close()
    },
  }
}

/** Collects the messages of a batch and tells them when it is committed. */
function createCommitNews() {
  const listeners = new Set<(messages: ChannelMessage[]) => void>()
  let batch: ChannelMessage[] = []
  const listen: InboxStore['onCommitted'] = (listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return {
    add: (message: ChannelMessage): void => void batch.push(message),
    tell(): void {
      if (batch.length === 0) return
      const messages = batch
      batch = []
      for (const listener of listeners) listener(messages)
    },
    drop(): void {
      batch = []
    },
    listen,
  }
}
