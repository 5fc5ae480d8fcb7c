import type { ChannelConfig, ChannelState } from '#protocol/channel.ts'
import type { MessageOrigin, NewMessage, ReplyRecord } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'

/** One kind of channel. The relay's core knows kinds only by this. */
export type ChannelAdapter = {
  type: ChannelRecord['type']
  /** The platform knows a part that is handed over again (a fixed Message-ID, a nonce), so nothing arrives twice. relay:REP9 */
  recognisesRepeats?: boolean
  /**
   * Opens whatever the channel needs (long polling, a webhook at the platform) for an enabled, configured channel. Never throws: trouble
   * is told through `host.setStatus`. relay:TG3, TG4, EML7
   */
  start?(channel: ChannelRecord): Connection
  /** Cuts a reply into what the platform takes in one call each. Pure. relay:TG10 */
  parts(reply: ReplyRecord, channel: ChannelRecord): Part[]
  /** Hands one part to the platform. Throws DeliveryFailure. relay:REP8 */
  send(delivery: Delivery): Promise<Taken>
  /** relay:TYP1. Errors are the caller's to ignore. */
  typing?(channel: ChannelRecord, target: string | undefined): Promise<void>
  /** The channel was deleted or switched off for good: undo what the platform remembers. relay:CH10 */
  removed?(channel: ChannelRecord): Promise<void>
  /** Bytes of a file that was not fetched with its message. relay:ATT6 */
  fetchFile?(channel: ChannelRecord, source: string): Promise<{ bytes: Uint8Array; mimeType?: string }>
}

/** A part the platform has. `repeatable`: had it been there already, from an earlier attempt, it would be there twice now. relay:REP9 */
export type Taken = { platformMessageId: string; repeatable?: boolean }

export type Connection = { close(): Promise<void> }

/** One call's worth of a reply. `file` is an index into the reply's attachments. */
export type Part = { kind: 'text'; text: string; index: number } | { kind: 'file'; file: number; caption?: string; index: number }

export type Delivery = {
  channel: ChannelRecord
  reply: ReplyRecord
  part: Part
  parts: number
  /** Reads attachment bytes of the reply. */
  file(index: number): Promise<{ filename: string; mimeType: string; bytes: Uint8Array }>
}

/** Why a part was not taken. `permanent` fails the reply at once with `reason`; otherwise it is retried. relay:REP8 */
export class DeliveryFailure extends Error {
  readonly permanent: boolean
  readonly retryAfterMs: number | undefined
  /** Sets the channel's status too (a provider 401 is auth_failed). relay:CH11 */
  readonly channelState: { state: ChannelState; detail: string } | undefined
  /** The platform may have taken the part all the same: its answer was lost. relay:REP9 */
  readonly uncertain: boolean
  constructor(
    reason: string,
    options: {
      permanent: boolean
      retryAfterMs?: number
      channelState?: { state: ChannelState; detail: string }
      uncertain?: boolean
      cause?: unknown
    },
  ) {
    super(reason, { cause: options.cause })
    this.name = 'DeliveryFailure'
    this.permanent = options.permanent
    this.retryAfterMs = options.retryAfterMs
    this.channelState = options.channelState
    this.uncertain = options.uncertain ?? false
  }
}

/** What the core gives every adapter. Implemented by server/channels/host.ts. */
export type ChannelHost = {
  /** Sanitises (SAN1), adds CUR11 metadata, stores, pushes. Resolves after the commit. */
  ingest(channel: ChannelRecord, message: Inbound): Promise<{ messageId: string; duplicate: boolean }>
  /** The current record; undefined after a delete. Records are never mutated: ask again. */
  channel(id: string): ChannelRecord | undefined
  /** Own channels in creation order. relay:CH6 */
  list(userId: string): ChannelRecord[]
  /** Any channel of the relay, for "a bot already on another channel" (relay:TG2) and addresses (relay:EML7). */
  find(matches: (channel: ChannelRecord) => boolean): ChannelRecord | undefined
  /** Commits a new channel and starts its adapter. Throws channel_exists, too_many_channels. */
  insert(channel: ChannelRecord): Promise<ChannelRecord>
  /** The channel as its owner sees it. relay:CH6 */
  view(channel: ChannelRecord, baseUrl: string): ChannelConfig
  /** Reads, changes and writes the record with its revision; retries on a lost race. Pushes channel_update (relay:WS16). */
  update(id: string, change: (channel: ChannelRecord) => ChannelRecord): Promise<ChannelRecord | undefined>
  /** Writes only if it differs. Pushes channel_update. */
  setStatus(id: string, status: { state: ChannelState; detail?: string }): Promise<void>
  /** Counts a refused message in status.rejected. relay:PAIR6, EML7 */
  rejected(id: string, reason: string): void
  /** Tells the open v2 sockets that somebody writes in the conversation this metadata names; never stored. relay:TPS1 */
  typing(channel: ChannelRecord, metadata: Record<string, string>): void
  /** Who and what an inbound message of this channel was, or the newest of a conversation, for threading. relay:TG11, DC8, SL5, EML12 */
  origin(channelId: string, wanted: { messageId: string } | { target: string }): Promise<MessageOrigin | undefined>
  position(channelId: string, key: string): Promise<string | undefined>
  setPosition(channelId: string, key: string, value: string): Promise<void>
  /** Every position whose key begins like this. */
  positions(channelId: string, prefix: string): Promise<{ key: string; value: string }[]>
  seal(plain: string): string
  unseal(sealed: string): string
}

/** What an adapter hands in; the core adds ids, ownership, CUR11 metadata. */
export type Inbound = Pick<NewMessage, 'from' | 'content' | 'metadata' | 'target' | 'dedupKey' | 'positions' | 'idempotency'> & {
  files?: InboundFile[]
}
export type InboundFile = { filename: string; mimeType: string; role?: string } & (
  | { bytes: Uint8Array }
  /** Fetched by `fetchFile` after the commit; `source` is opaque to the core and sealed at rest. */
  | { source: string; size: number }
)
