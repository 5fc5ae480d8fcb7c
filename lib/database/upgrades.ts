import type { IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'
import type { ChaosDatabase } from './schema.ts'

type UpgradeTransaction = IDBPTransaction<ChaosDatabase, StoreNames<ChaosDatabase>[], 'versionchange'>
export type Upgrade = (db: IDBPDatabase<ChaosDatabase>, transaction: UpgradeTransaction) => void | Promise<void>

/** One entry per version, never edited after a release: the n-th brings version n. All missing ones run in one transaction. client:CDD14 */
export const UPGRADES: Upgrade[] = [
  createEverything,
  orderRepliesByTime,
  keepLeases,
  addApprovals,
  indexForSearch,
  keepMarks,
  addScheduled,
  nameMessages,
]

function createEverything(db: IDBPDatabase<ChaosDatabase>): void {
  db.createObjectStore('profiles', { keyPath: 'id' })
  for (const name of ['identities', 'sessions', 'pins', 'cursors', 'connections'] as const)
    db.createObjectStore(name, { keyPath: 'profileId' })

  const messages = db.createObjectStore('messages', { keyPath: ['profileId', 'id'] })
  messages.createIndex('conversation', ['profileId', 'conversationId', 'at', 'seq'])
  messages.createIndex('time', ['profileId', 'at', 'seq'])
  messages.createIndex('unread', ['profileId', 'conversationId', 'read'])

  const conversations = db.createObjectStore('conversations', { keyPath: ['profileId', 'id'] })
  conversations.createIndex('recent', ['profileId', 'lastAt'])
  conversations.createIndex('unread', ['profileId', 'unread'])

  const seen = db.createObjectStore('seen', { keyPath: ['profileId', 'messageId'] })
  seen.createIndex('age', ['profileId', 'at'])

  const replies = db.createObjectStore('replies', { keyPath: 'clientId' })
  replies.createIndex('conversation', ['profileId', 'conversationId', 'createdAt'])
  replies.createIndex('state', ['profileId', 'state'])
  replies.createIndex('response', 'responseId')

  db.createObjectStore('drafts', { keyPath: ['profileId', 'conversationId'] })
  db.createObjectStore('gaps', { keyPath: ['profileId', 'id'] })
  db.createObjectStore('channels', { keyPath: ['profileId', 'id'] })
  db.createObjectStore('steps', { keyPath: ['profileId', 'channelId'] })

  const files = db.createObjectStore('files', { keyPath: ['profileId', 'messageId', 'attachmentId'] })
  files.createIndex('age', 'cachedAt')

  db.createObjectStore('quarantine', { autoIncrement: true })
  db.createObjectStore('settings', { keyPath: 'key' })
  db.createObjectStore('vault', { keyPath: ['profileId', 'name'] })
  db.createObjectStore('vaultKeys', { keyPath: 'profileId' })
}

/** Search looks through our own replies too, newest first. */
function orderRepliesByTime(_db: IDBPDatabase<ChaosDatabase>, transaction: UpgradeTransaction): void {
  transaction.objectStore('replies').createIndex('time', ['profileId', 'createdAt'])
}

function keepLeases(db: IDBPDatabase<ChaosDatabase>): void {
  const leases = db.createObjectStore('leases', { keyPath: ['profileId', 'messageId'] })
  leases.createIndex('due', 'due')
  leases.createIndex('finished', 'finishedAt')
  leases.createIndex('conversation', ['profileId', 'conversationId', 'state'])
  db.createObjectStore('automations', { keyPath: ['profileId', 'channelId'] })
}

function addApprovals(db: IDBPDatabase<ChaosDatabase>): void {
  const approvals = db.createObjectStore('approvals', { keyPath: ['profileId', 'id'] })
  approvals.createIndex('state', ['profileId', 'standing.state'])
  approvals.createIndex('due', ['profileId', 'expiresAt'])
  approvals.createIndex('time', ['profileId', 'createdAt'])
  db.createObjectStore('answers', { keyPath: ['profileId', 'messageId'] }).createIndex('time', ['profileId', 'at'])
}

/** Old items that are listed in one entry. */
const ENTRY_IDS = 500

/** The index of words. What is stored already is only listed here, oldest first; the worker takes it in afterwards. client:SRC5 */
async function indexForSearch(db: IDBPDatabase<ChaosDatabase>, transaction: UpgradeTransaction): Promise<void> {
  const log = db.createObjectStore('unindexed', { autoIncrement: true })
  db.createObjectStore('searchBlocks', { keyPath: ['profileId', 'no', 'version'] })
  for (const { id: profileId } of await transaction.objectStore('profiles').getAll()) {
    const all = IDBKeyRange.bound([profileId], [profileId, []])
    const messages = (await transaction.objectStore('messages').index('time').getAllKeys(all)).map(([, id]) => id)
    const replies = await transaction.objectStore('replies').index('time').getAllKeys(all)
    for (const [kind, ids] of [['message', messages] as const, ['reply', replies] as const])
      for (let from = 0; from < ids.length; from += ENTRY_IDS)
        await log.add({ profileId, kind, ids: ids.slice(from, from + ENTRY_IDS) })
  }
}

function keepMarks(db: IDBPDatabase<ChaosDatabase>): void {
  db.createObjectStore('marks', { keyPath: ['profileId', 'conversationId'] })
}

function addScheduled(db: IDBPDatabase<ChaosDatabase>): void {
  db.createObjectStore('scheduled', { keyPath: ['profileId', 'conversationId', 'id'] })
}

/** Edits find their message. client:EDT1 */
function nameMessages(_db: IDBPDatabase<ChaosDatabase>, transaction: UpgradeTransaction): void {
  const messages = transaction.objectStore('messages')
  messages.createIndex('platformId', ['profileId', 'conversationId', 'metadata.messageId'])
  messages.createIndex('slackTs', ['profileId', 'conversationId', 'metadata.messageTs'])
}
