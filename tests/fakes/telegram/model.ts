import type { Chat, File, Message, Update, User } from 'grammy/types'
import type { Queue } from '../queue.ts'
import type { Entity } from './html.ts'

/** What a bot sent, as its reader sees it. `source` is the text before parse_mode was applied. */
export type Sent = {
  method: 'sendMessage' | 'sendPhoto' | 'sendDocument'
  chatId: number
  messageId: number
  text: string
  source: string
  parseMode?: string
  entities: Entity[]
  replyTo?: number
  file?: { filename: string; bytes: Buffer }
}

export type FakeChat = {
  chat: Chat.PrivateChat | Chat.GroupChat | Chat.SupergroupChat
  /** Ids of the messages in it. */
  messages: Set<number>
  blocked: boolean
  migratedTo?: number
}

export type FakeBot = {
  token: string
  revoked: boolean
  me: User & { is_bot: true; username: string }
  updates: Update[]
  nextUpdateId: number
  nextMessageId: number
  chats: Map<number, FakeChat>
  /** The running long poll. `terminate` ends it as a second one would. */
  poll: { finish(updates: Update[]): void; fail(error: Error): void; terminate(): void } | undefined
  webhook: { url: string; secret: string | undefined; lastError: string | undefined } | undefined
  delivering: boolean
  files: Map<string, { file: File & { file_path: string }; bytes: Buffer; mimeType: string }>
  sent: Queue<Sent>
  actions: Queue<{ chatId: number; action: string }>
  answered: Queue<{ callbackQueryId: string }>
  /** Every call, by method, in order. */
  calls: Queue<{ method: string; args: Record<string, unknown> }>
}

export type InboundMessage = Message & Update.NonChannel
