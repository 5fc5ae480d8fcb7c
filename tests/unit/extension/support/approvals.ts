import type { ApprovalRow } from '../../../../lib/approvals/model.ts'
import type { InboxMessage } from '../../../../lib/inbox/model.ts'
import type { ChannelConfig } from '../../../../lib/protocol/channel.ts'

/** A request that was asked in Ada's Telegram chat at second 100, after message 10, and runs out at second 400. */
export function approvalRow(more: Partial<ApprovalRow> = {}): ApprovalRow {
  return {
    profileId: 'default',
    id: 'k7m4px2q',
    action: 'files.delete',
    args: { path: '/tmp/x' },
    argsHash: 'hash',
    kind: 'write',
    channelId: 'c',
    conversation: '7',
    afterSeq: 10,
    epoch: 'e1',
    createdAt: 100_000,
    expiresAt: 400_000,
    receivedAt: 100_000,
    asked: { conversationId: 'c:7', channelType: 'telegram', at: 100_000, promptId: 'p', told: true, reminded: false },
    standing: { state: 'asking' },
    ...more,
  }
}

/** What Ada says there afterwards. */
export function answerMessage(content: string, more: Partial<InboxMessage> = {}): InboxMessage {
  return {
    profileId: 'default',
    id: 'm11',
    seq: 11,
    epoch: 'e1',
    conversationId: 'c:7',
    channelId: 'c',
    channelType: 'telegram',
    from: 'Ada',
    content,
    at: 110_000,
    attachments: [],
    metadata: { chatId: '7', senderId: '7' },
    read: 0,
    storedAt: 110_000,
    ...more,
  }
}

export function channelOf(
  type: ChannelConfig['type'],
  metadata: ChannelConfig['metadata'],
  more: Partial<ChannelConfig> = {},
): ChannelConfig {
  return {
    id: 'c',
    type,
    agentId: '',
    direction: 'bidirectional',
    enabled: true,
    createdAt: '',
    status: { state: 'ok' },
    metadata,
    ...more,
  }
}
