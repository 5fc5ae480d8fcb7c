import type { PublicKeyJwk } from '#protocol/keys.ts'
import type { Attachment, Author, ChannelMessage, ChannelType, Metadata, ReplyState } from '#protocol/message.ts'
import type { ApprovalStore } from './approvalPort.ts'
import type { AttachmentStore } from './attachmentPort.ts'
import type { OperatorStore } from './operatorPort.ts'
import type { ChannelRecord } from './records.ts'

/**
 * The store: a port of atomic intents. Each method is one durable step: its promise resolves only after the commit (fsync), and a
 * rejected promise has left nothing behind. An engine may commit many calls together. Failures reject with storage_unavailable.
 * Times are epoch milliseconds; values named `sealed…` are already encrypted by the caller (relay:STO2).
 */
export type Store = {
  sessions: SessionStore
  nonces: NonceStore
  inbox: InboxStore
  replies: ReplyStore
  channels: ChannelStore
  attachments: AttachmentStore
  approvals: ApprovalStore
  passes: PassStore
  operator: OperatorStore
  /** Small values of the relay itself (server key, key check). */
  meta: MetaStore
  maintenance: MaintenanceStore
  close(): Promise<void>
}

export type SessionRecord = {
  userId: string
  /** Present for keyed sessions. */
  publicKey?: PublicKeyJwk
  /** True once the key has registered signed. relay:REG5 */
  signedBefore: boolean
  epoch: string
  createdAt: number
}

export type SessionStore = {
  create(wanted: {
    userId: string
    publicKey?: PublicKeyJwk
    signedBefore: boolean
    epoch: string
    tokenHash: string
    sealedToken: string
    now: number
  }): Promise<{ created: true; session: SessionRecord } | { created: false; session: SessionRecord }>
  byTokenHash(tokenHash: string): Promise<SessionRecord | undefined>
  byKey(publicKey: PublicKeyJwk): Promise<SessionRecord | undefined>
  byUserId(userId: string): Promise<SessionRecord | undefined>
  list(): Promise<SessionRecord[]>
  markSigned(userId: string): Promise<void>
  addToken(userId: string, tokenHash: string, sealedToken: string, now: number): Promise<void>
  /** The newest valid token, sealed. relay:REG4 */
  newestToken(userId: string): Promise<{ tokenHash: string; sealedToken: string } | undefined>
  /** Valid tokens, newest first. relay:SES1 */
  tokens(userId: string, limit: number): Promise<{ tokenHash: string; createdAt: number }[]>
  countTokens(userId: string): Promise<number>
  /** Ends every token but one, and the session's passes; returns the hashes of the tokens that ended. relay:REG7 */
  revokeTokensExcept(userId: string, tokenHash: string): Promise<string[]>
  /** Removes the session, its channels, messages, replies, files, approvals, passes. relay:ADM8, STO6 */
  remove(userId: string): Promise<boolean>
}

export type NonceStore = {
  /** True the first time this session shows the nonce, false ever after within NONCE_KEPT_MS. relay:SIG8 */
  remember(userId: string, nonce: string, now: number): Promise<boolean>
}

export type NewFile = { id: string; filename: string; mimeType: string; kind: 'image' | 'file'; role?: string } & (
  | { bytes: Uint8Array }
  /** Fetched later by the channel; `size` as announced. relay:ATT6 */
  | { sealedSource: string; size: number }
)

export type NewMessage = {
  id: string
  userId: string
  channelId: string
  channelType: ChannelType
  from: string
  content: string
  metadata: Metadata
  files?: NewFile[]
  /** Names the conversation a reply goes to: chatId, discordChannelId, slackChannelId, senderAddress; absent for webhooks. relay:REP5 */
  target?: string
  /** Platform id, de-duplicated per channel. relay:DUR2 */
  dedupKey?: string
  /** Idempotency-Key with the hash of the body it came with. relay:DUR3 */
  idempotency?: { key: string; bodyHash: string }
  /** Positions committed with the message (Telegram offset, e-mail polling cursor). relay:TG3, EML7 */
  positions?: { key: string; value: string }[]
  now: number
}

export type Appended =
  | { kind: 'stored'; message: ChannelMessage }
  | { kind: 'duplicate'; messageId: string }
  /** The idempotency key was used with another body. */
  | { kind: 'conflict' }

export type InboxState = {
  epoch: string
  head: number
  /** Lowest seq still stored, head + 1 when nothing is. */
  oldest: number
  /** Timestamp of the newest message ever, 0 before the first. */
  lastTimestamp: number
  acked: number
}

export type InboxStore = {
  /** relay:CUR1, CUR2, DUR1 */
  append(message: NewMessage): Promise<Appended>
  /** Messages with seq > after, ascending. */
  readAfter(userId: string, after: number, limit: number): Promise<ChannelMessage[]>
  /** Messages with timestamp > since (epoch ms), ascending. */
  readSince(userId: string, since: number, limit: number): Promise<ChannelMessage[]>
  state(userId: string): Promise<InboxState>
  /**
   * A poll is about to answer `since` (epoch ms): whatever is stored from now on gets a greater timestamp, even if its `now` is earlier.
   * Call it before the read whose result is answered, so that following `since` skips nothing, also over a restart at which the clock goes back. relay:CUR5
   */
  handOut(userId: string, since: number): Promise<void>
  /**
   * Tells every commit once, in the order of seq per session, after the fsync and before the promises of `append` resolve: the place to
   * push from, with one pass per batch. The result unsubscribes. relay:CUR2, WS10
   */
  onCommitted(listener: (messages: ChannelMessage[]) => void): () => void
  /** How many of the seqs above `cursor` and up to head are no longer stored. relay:CUR8 */
  droppedAbove(userId: string, cursor: number): Promise<number>
  /**
   * The same for messages newer than `since` (epoch ms). Never less than there were, 0 when there were none; more where a store no longer knows
   * when what expired had come.
   */
  droppedSince(userId: string, since: number): Promise<number>
  /** Raises the acknowledged mark; values above head are ignored. relay:CUR10 */
  ack(userId: string, seq: number): Promise<void>
  byId(userId: string, messageId: string): Promise<ChannelMessage | undefined>
  remove(userId: string, messageId: string): Promise<boolean>
  /** Whether this conversation has ever written to the channel. relay:REP5 */
  knowsTarget(channelId: string, target: string): Promise<boolean>
  lastTarget(channelId: string): Promise<string | undefined>
  /** Target and metadata of one inbound message, or of the newest of a target, for threading. relay:REP5, EML12 */
  origin(channelId: string, wanted: { messageId: string } | { target: string }): Promise<MessageOrigin | undefined>
  /** Newest messages first, over all sessions or one (and then below a seq, for paging), for the admin pages. relay:ADM6, ADM7 */
  recent(limit: number, userId?: string, beforeSeq?: number): Promise<ChannelMessage[]>
}
export type MessageOrigin = { messageId: string; target?: string; from: string; metadata: Metadata }

export type NewReply = {
  responseId: string
  userId: string
  channelId: string
  channelType: ChannelType
  content: string
  metadata: Metadata
  files: { id: string; filename: string; mimeType: string; kind: 'image' | 'file'; bytes: Uint8Array }[]
  target?: string
  clientId?: string
  by?: Author
  idempotency?: { key: string; bodyHash: string }
  /** Webhook replies are `sent` when stored. relay:REP7 */
  state: 'queued' | 'sent'
  now: number
}

export type ReplyRecord = {
  responseId: string
  userId: string
  channelId: string
  channelType: ChannelType
  content: string
  metadata: Metadata
  attachments: Attachment[]
  target?: string
  clientId?: string
  by?: 'human'
  state: ReplyState
  platformMessageId?: string
  reason?: string
  attempts: number
  /** Parts the platform already took. relay:REP9 */
  partsSent: number
  /** The outcome of an earlier attempt is not known, so a further one may make it arrive twice. relay:REP9 */
  uncertain?: true
  createdAt: number
  updatedAt: number
  dueAt: number
}

export type Enqueued =
  | { kind: 'stored'; reply: ReplyRecord }
  | { kind: 'duplicate'; reply: ReplyRecord }
  | { kind: 'conflict' }
  /** An agent's, for a conversation that is taken over at this commit. relay:TKO2 */
  | { kind: 'taken_over' }

export type ReplyStore = {
  /** relay:REP6, REP11, DUR3, TKO2 */
  enqueue(reply: NewReply): Promise<Enqueued>
  /**
   * What `enqueue` would answer to a client id or key that was used before, without storing anything: a repeat gets its first answer even if its channel
   * was switched off meanwhile. relay:REP11, DUR3
   */
  repeated(
    userId: string,
    keys: Pick<NewReply, 'clientId' | 'idempotency'>,
    now: number,
  ): Promise<Extract<Enqueued, { kind: 'duplicate' | 'conflict' }> | undefined>
  /** Due queued replies, at most one per (channel, target): always its oldest. Claimed ones are not given out again until settled or released; one that was still claimed when the relay ended is `uncertain`. relay:REP9 */
  claimDue(now: number, limit: number): Promise<ReplyRecord[]>
  /** When the next queued, unclaimed reply falls due. */
  nextDue(): Promise<number | undefined>
  /** One more part was taken by the platform. */
  partSent(responseId: string, partsSent: number, platformMessageId: string, now: number): Promise<void>
  /** The last attempt, counted as one. A late success beats a failure; otherwise a settled reply stays as it is (undefined). */
  settle(
    responseId: string,
    outcome: { state: 'sent'; platformMessageId?: string; reason?: string } | { state: 'failed'; reason: string },
    now: number,
  ): Promise<ReplyRecord | undefined>
  /** Back to the queue after a passing failure. */
  release(
    responseId: string,
    next: { attempts: number; dueAt: number; reason: string; uncertain?: boolean },
    now: number,
  ): Promise<ReplyRecord | undefined>
  /** Fails every queued reply of a channel. relay:CH10 */
  failChannel(channelId: string, reason: string, now: number): Promise<ReplyRecord[]>
  /** Fails what agents have queued for one conversation; `target` '' for a webhook's. relay:TKO3 */
  failAgents(channelId: string, target: string, reason: string, now: number): Promise<ReplyRecord[]>
  byId(userId: string, responseId: string): Promise<ReplyRecord | undefined>
  /** As inbox.handOut, for GET /responses. relay:CH12, CUR5 */
  handOut(channelId: string, since: number): Promise<void>
  /**
   * Responses of a channel in order: with createdAt > since, or from its n-th on (`after` n). Those of a deleted channel are not listed,
   * so nobody sees them who takes its id later. relay:CH12
   */
  listResponses(
    channelId: string,
    after: { since: number } | { after: number },
    limit: number,
  ): Promise<{ replies: ReplyRecord[]; hasMore: boolean }>
  /** Replies of a session in the order they were accepted, each with its place in it; strictly after a place, 0 before the first. relay:HIS1 */
  history(userId: string, after: number, limit: number): Promise<{ entries: HistoryEntry[]; hasMore: boolean }>
}
export type HistoryEntry = { place: number; reply: ReplyRecord }

export type ChannelStore = {
  /** All channels, once at start; afterwards the relay keeps them in memory. */
  load(): Promise<ChannelRecord[]>
  /** relay:CH4: refuses an id that another channel holds. */
  insert(channel: ChannelRecord): Promise<boolean>
  /** Replaces the record if its revision is still `expected`; the stored one gets expected + 1. */
  put(channel: ChannelRecord, expected: number): Promise<boolean>
  remove(channelId: string): Promise<boolean>
  position(channelId: string, key: string): Promise<string | undefined>
  setPosition(channelId: string, key: string, value: string): Promise<void>
  /** Every position whose key begins like this. relay:DUR4 */
  positions(channelId: string, prefix: string): Promise<{ key: string; value: string }[]>
}

/**
 * What a browser holds for the relay's own pages: the operator's cookie, a link to the device page, the cookie it was changed for. Kept by hash.
 * `owner` is the session's userId, or OPERATOR. relay:ADM3, DEV1
 */
export type PassRecord = { hash: string; kind: PassKind; owner: string; issuedAt: number; expiresAt: number }
export type PassKind = 'admin' | 'deviceLink' | 'device'
export const OPERATOR = 'operator'

export type PassStore = {
  /** Of the passes of one kind and owner only the newest `keep` stay; what expired more than PASS_TRACE_MS before it was issued is forgotten. */
  add(pass: PassRecord, keep: number): Promise<void>
  /** Only while it holds. */
  find(kind: PassKind, hash: string, now: number): Promise<PassRecord | undefined>
  /** Spends a pass: of any number of calls one is `taken`. One that is too old stays what it is. relay:DEV1 */
  take(kind: PassKind, hash: string, now: number): Promise<{ outcome: 'taken' | 'expired'; pass: PassRecord } | undefined>
  end(kind: PassKind, hash: string): Promise<void>
}

export type MetaStore = {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<void>
}

export type MaintenanceStore = {
  /** One small slice of expiry; true while more remains. relay:CUR7, STO4 */
  expire(limits: {
    now: number
    keptMs: number
    keptMessages: number
  }): Promise<{ more: boolean; unackedDropped: { userId: string; count: number }[] }>
  /** One small slice of checksum verification; the damaged rows it met. relay:STO1 */
  scrub(): Promise<{ damaged: string[]; done: boolean }>
  /** A real write and read. relay:HLT2 */
  probe(): Promise<void>
  /** relay:HLT1 */
  stats(): { ops: number; errors: number; timeouts: number; lastError?: string }
  /** How much there is, for operators: `bytes` of the database, what waits in the outbox. */
  overview(): Promise<{ sessions: number; queuedReplies: number; bytes: number }>
  /** Rows waiting for their commit, for the queue cap. */
  queued(): number
}
