import type { KeyObject } from 'node:crypto'
import type { APIApplication, APIMessage, APIUser, GatewayReceivePayload } from 'discord-api-types/v10'
import type { Queue } from '../queue.ts'

/** What a bot sent, as its reader sees it. `nonce`, `allowedMentions` as they were sent. */
export type Sent = {
  /** How it came: to the channel, or by an interaction's token. */
  by: 'channel' | 'interaction'
  channelId: string
  messageId: string
  content: string
  nonce: string | undefined
  allowedMentions: unknown
  replyTo: string | undefined
  file: { filename: string; contentType: string; bytes: Buffer } | undefined
}

export type FakeChannel = {
  id: string
  /** Absent for a direct message. */
  guildId?: string
  /** The other side of a direct message. */
  recipientId?: string
  name?: string
  parentId?: string
  thread?: boolean
  messages: APIMessage[]
  /** The bot may not read or write here. */
  closed: boolean
}

/** Everything a session was sent, so that it can be sent again. */
export type FakeSession = {
  id: string
  token: string
  intents: number
  events: GatewayReceivePayload[]
  seq: number
}

/** An interaction that happened: answered by its token for a while. */
export type FakeInteraction = { id: string; token: string; channelId: string; expired: boolean }

export type FakeBot = {
  token: string
  user: APIUser
  application: Pick<APIApplication, 'id' | 'name' | 'verify_key'>
  /** Signs interactions. */
  privateKey: KeyObject
  /** The Message Content Intent is switched on in the portal. */
  messageContent: boolean
  sessions: Map<string, FakeSession>
  interactions: Map<string, FakeInteraction>
  sent: Queue<Sent>
  typing: Queue<{ channelId: string }>
  /** What was answered to interactions that came by the Gateway. */
  callbacks: Queue<{ interactionId: string; body: { type: number; data?: unknown } }>
  /** Identifies and resumes, in order. */
  sessionStarts: Queue<{
    kind: 'identify' | 'resume' | 'refused'
    intents?: number
    sessionId?: string
    seq?: number
    /** Where the session was asked to go on. */
    path?: string
  }>
  /** Every REST call, in order. */
  calls: Queue<{ route: string; path: string; query: Record<string, string>; body: unknown }>
}

export type FakeFile = { path: string; bytes: Buffer; contentType: string; validUntil: number }
