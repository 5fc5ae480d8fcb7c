import type { Attachment, ChannelMessage, ChannelType, Metadata, OutgoingAttachment } from '#protocol/message.ts'

/** A message as this browser keeps it. `at` is the relay's timestamp in epoch ms. */
export type InboxMessage = {
  profileId: string
  id: string
  seq: number
  epoch: string
  conversationId: string
  channelId: string
  channelType: ChannelType
  from: string
  content: string
  at: number
  attachments: Attachment[]
  metadata: Metadata
  read: 0 | 1
  /** It answered this approval and is nothing for automation. client:APR15 */
  approvalId?: string
  /** When this browser had committed it, epoch ms. */
  storedAt: number
}

/** One row of the inbox list, kept up to date in the same transaction as its messages. */
export type Conversation = {
  profileId: string
  id: string
  channelId: string
  channelType: ChannelType
  /** Who speaks: a person's name, an address; where several may, the place they speak in. */
  title: string
  /** Who said the newest message, where the title does not. */
  lastSpeaker?: string | undefined
  /** When its newest item came, ours included: what the list is sorted by. */
  lastAt: number
  lastPreview: string
  lastHasFile: boolean
  unread: number
  /** The newest inbound message: what a reply answers. client:CRP1 */
  lastMessageId: string
  lastMessageAt: number
  /** Without a webhook's raw body. */
  lastMetadata: Metadata
  /** Set while our own reply is the newest item. */
  lastReplyId?: string
}

/** What was answered, by this browser or elsewhere. client:CRP3: `sending` not yet on the relay, `queued` stored there, `sent` taken by the platform. */
export type Reply = {
  clientId: string
  profileId: string
  conversationId: string
  channelId: string
  channelType: ChannelType
  content: string
  replyTo?: string
  metadata: Metadata
  attachments: OutgoingAttachment[]
  createdAt: number
  updatedAt: number
  responseId?: string
  platformMessageId?: string
  /** It asks for this approval. client:APR5 */
  approvalId?: string
  /** Attempts to hand it to the relay; while it waits, what was wrong with the last one. client:OBX2 */
  tries?: number
  trouble?: string
  /** When the relay took it, by this computer's clock; and its last word on it, by its own. client:DLV1 */
  handedAt?: number
  statusAt?: number
  /** The relay's attempts to hand it to the platform. client:DLV1 */
  attempts?: number
  /** It was to go at this time; `late` where it went long after. client:SCH3 */
  plannedFor?: number
  late?: true
  /** Sent, but perhaps not only once: the relay's sentence about it. relay:REP9 */
  doubt?: string
  /** Written by this browser itself. client:CDD9 */
  automatic?: true
  /** Not by its owner, nor asked by the owner: it waits where a conversation is taken over. client:TKO3 */
  by?: 'agent'
  /** Not written here: by an agent, or by the owner in another browser. client:ELS1 */
  elsewhere?: 'agent' | 'human'
} & ({ state: 'sending' | 'queued' | 'sent' } | { state: 'failed'; reason: string; code: string })

/** A reply that goes out later. It answers what it was written under. Times in epoch ms, by this computer's clock. client:SCH1 */
export type Scheduled = {
  profileId: string
  conversationId: string
  id: string
  channelId: string
  channelType: ChannelType
  content: string
  replyTo?: string
  metadata: Metadata
  attachments: OutgoingAttachment[]
  createdAt: number
  sendAt: number
}

/** A message something is to be done about without the user. It is there from the commit of its message on. Times in epoch ms. client:CDD9 */
export type Lease = {
  profileId: string
  messageId: string
  conversationId: string
  attempts: number
  /** What went wrong the last time. */
  reason?: string
} & ({ state: 'waiting' | 'claimed'; due: number } | { state: 'done' | 'failed'; finishedAt: number })

/** What this browser answers by itself in a channel. */
export type Away = { on: boolean; text: string; everyHours: number }

export type Draft = { profileId: string; conversationId: string; text: string; updatedAt: number }

/** What the reader has set for a conversation: apart from it, so that storing a message stays small. Times in epoch ms. client:MRK1 */
export type Mark = {
  profileId: string
  conversationId: string
  pinnedAt?: number
  /** Out of the inbox until something comes. */
  archived?: SoFar
  snoozed?: SoFar & { until: number }
  /** When its snooze ended: where it stands in the list. */
  returnedAt?: number
  mutedUntil?: number
}

/** How far a conversation had come: more than this is something new. */
export type SoFar = { messageAt: number; unread: number }

/** client:CDD6: a gap the reader should know of, shown in the list once. */
export type GapNotice = { profileId: string; id: string; at: number; count: number | 'unknown'; dismissed: 0 | 1 }

const targetKeys = ['chatId', 'discordChannelId', 'slackChannelId', 'senderAddress'] as const

/** The conversation a message belongs to: its channel, and the chat or address inside it. relay:REP5 */
export function conversationOf(message: Pick<ChannelMessage, 'channelId' | 'channelType' | 'metadata'>): string {
  // A webhook is one conversation, whatever its senders write into their metadata.
  if (message.channelType === 'webhook') return message.channelId
  for (const key of targetKeys) {
    const value = message.metadata[key]
    if (typeof value === 'string' || typeof value === 'number') return `${message.channelId}:${value}`
  }
  return message.channelId
}
