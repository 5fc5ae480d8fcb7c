import type { types } from '@slack/bolt'
import type { Queue } from '../queue.ts'

/** One installation of an app in a workspace, with everything it knows. */
export type FakeApp = {
  appId: string
  teamId: string
  name: string
  botUserId: string
  botId: string
  botToken: string
  appToken: string
  signingSecret: string
  /** What auth.test and every other call answers instead, once the bot token stopped working: `token_revoked`, `account_inactive`. */
  botRefused: string | undefined
  appRefused: string | undefined
  scopes: string[]
  conversations: Map<string, FakeConversation>
  users: Map<string, FakePerson>
  files: Map<string, FakeFile>
  /** What the bot posted, in order. */
  sent: Queue<Sent>
  /** Every call of the Web API, and `upload` with what it showed as authorization. */
  calls: Queue<{ method: string; args: Record<string, string> }>
}

export type FakePerson = { id: string; name: string; displayName: string; realName: string }

export type FakeMessage = {
  type: 'message'
  ts: string
  user: string
  text: string
  subtype?: 'file_share' | 'me_message' | 'thread_broadcast'
  bot_id?: string
  app_id?: string
  thread_ts?: string
  parent_user_id?: string
  edited?: { user: string; ts: string }
  files?: SharedFile[]
}

export type FakeConversation = {
  id: string
  kind: types.GenericMessageEvent['channel_type']
  archived: boolean
  messages: FakeMessage[]
}

/** A file as it stands in a message. */
export type SharedFile = {
  id: string
  name: string
  title: string
  mimetype: string
  size: number
  mode: 'hosted' | 'external'
  is_external: boolean
  url_private: string
  url_private_download?: string
  file_access?: string
}
export type FakeFile = { shared: SharedFile; bytes: Buffer }

/** What a reader of the conversation gets. `source` is the mrkdwn as sent, `text` what it reads like, `broadcasts` whom it would alert. */
export type Sent = {
  channel: string
  ts: string
  source: string
  text: string
  threadTs?: string
  mrkdwn: boolean
  broadcasts: string[]
  file?: { name: string; bytes: Buffer }
}
