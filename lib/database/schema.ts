import type { DBSchema } from 'idb'
import type { AnswerRow, ApprovalRow } from '../approvals/model.ts'
import type { KnownChannel, Step } from '../channels/model.ts'
import type { Away, Conversation, Draft, GapNotice, InboxMessage, Lease, Mark, Reply, Scheduled } from '../inbox/model.ts'
import type { SearchBlock, Unindexed } from '../inbox/search/model.ts'
import type { Cursor, Identity, Pin, Profile, Session } from '../profiles/model.ts'
import type { Connection } from '../relay/state.ts'

/** The one database of the extension. Keys beginning with profileId keep profiles apart (client:PRF4). client:ARC1 */
export interface ChaosDatabase extends DBSchema {
  profiles: { key: string; value: Profile }
  identities: { key: string; value: Identity }
  sessions: { key: string; value: Session }
  pins: { key: string; value: Pin }
  cursors: { key: string; value: Cursor }
  connections: { key: string; value: Connection }
  messages: {
    key: [profileId: string, id: string]
    value: InboxMessage
    indexes: {
      conversation: [profileId: string, conversationId: string, at: number, seq: number]
      time: [profileId: string, at: number, seq: number]
      unread: [profileId: string, conversationId: string, read: number]
      /** client:EDT1: what the platform calls a message, the same for its edits. */
      platformId: [profileId: string, conversationId: string, messageId: string]
      slackTs: [profileId: string, conversationId: string, messageTs: string]
    }
  }
  conversations: {
    key: [profileId: string, id: string]
    value: Conversation
    indexes: { recent: [profileId: string, lastAt: number]; unread: [profileId: string, unread: number] }
  }
  /** client:CDD7: ids already stored, kept longer than the messages. */
  seen: {
    key: [profileId: string, messageId: string]
    value: { profileId: string; messageId: string; at: number }
    indexes: { age: [profileId: string, at: number] }
  }
  replies: {
    key: string
    value: Reply
    indexes: {
      conversation: [profileId: string, conversationId: string, createdAt: number]
      state: [profileId: string, state: string]
      time: [profileId: string, createdAt: number]
      response: string
    }
  }
  /** client:CDD9. The index `due` holds only what is still to do. */
  leases: {
    key: [profileId: string, messageId: string]
    value: Lease
    indexes: {
      due: number
      finished: number
      conversation: [profileId: string, conversationId: string, state: string]
    }
  }
  /** What is answered by itself, by channel. client:CDD9 */
  automations: { key: [profileId: string, channelId: string]; value: { profileId: string; channelId: string; away: Away } }
  marks: { key: [profileId: string, conversationId: string]; value: Mark }
  /** client:SRC5: what changed since the index of words was brought up to date. */
  unindexed: { key: number; value: Unindexed }
  searchBlocks: { key: [profileId: string, no: number, version: number]; value: SearchBlock }
  /** client:SCH1 */
  scheduled: { key: [profileId: string, conversationId: string, id: string]; value: Scheduled }
  drafts: { key: [profileId: string, conversationId: string]; value: Draft }
  gaps: { key: [profileId: string, id: string]; value: GapNotice }
  channels: { key: [profileId: string, id: string]; value: KnownChannel }
  steps: { key: [profileId: string, channelId: string]; value: Step }
  /** client:CAT5 */
  files: {
    key: [profileId: string, messageId: string, attachmentId: string]
    value: { profileId: string; messageId: string; attachmentId: string; bytes: ArrayBuffer; mimeType: string; cachedAt: number }
    indexes: { age: number }
  }
  /** client:ARC7: records that did not fit the schema, with the reason; never shown as content. */
  quarantine: { key: number; value: { profileId: string; at: number; source: string; reason: string } }
  settings: { key: string; value: { key: string; value: unknown } }
  /** client:REC4: webhook secrets, and bot tokens the user asked to remember, AES-GCM encrypted under a key that cannot leave. */
  vault: {
    key: [profileId: string, name: string]
    value: { profileId: string; name: string; iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer }
  }
  /** client:APR4. `due` finds what still may be answered, or was a short while ago. */
  approvals: {
    key: [profileId: string, id: string]
    value: ApprovalRow
    indexes: {
      state: [profileId: string, state: string]
      due: [profileId: string, expiresAt: number]
      time: [profileId: string, createdAt: number]
    }
  }
  /** client:APR15: messages that were looked at as answers. */
  answers: {
    key: [profileId: string, messageId: string]
    value: AnswerRow
    indexes: { time: [profileId: string, at: number] }
  }
  vaultKeys: { key: string; value: { profileId: string; key: CryptoKey } }
}

export const DATABASE_NAME = 'chaos-relay'
