import type { Database } from '../../../../lib/database/open.ts'
import { createIntake } from '../../../../lib/inbox/intake.ts'
import type { ChannelMessage } from '../../../../lib/protocol/message.ts'

/** Puts messages into the inbox the way they come in. */
export async function receive(db: Database, messages: ChannelMessage[], profileId = 'default', epoch = 'e1'): Promise<void> {
  await receiveAt(db, messages, 1, profileId, epoch)
}

/** The same at a time, epoch ms. */
export async function receiveAt(
  db: Database,
  messages: ChannelMessage[],
  now: number,
  profileId = 'default',
  epoch = 'e1',
): Promise<void> {
  const intake = createIntake({
    db,
    profileId,
    now: () => now,
    onStored: () => undefined,
    onGap: () => undefined,
    onTrouble: () => undefined,
  })
  const head = Math.max(...messages.map(({ seq }) => seq))
  const answer = { messages, since: '', hasMore: false, nextAfter: head, head, epoch, recovered: true, dropped: 0 }
  await intake.page(answer, await intake.cursor())
}

/** A conversation one can answer, as if its message `m1` had come. */
export async function addConversation(db: Database, id: string, channelType: 'telegram' | 'webhook'): Promise<void> {
  await db.put('conversations', {
    profileId: 'default',
    id,
    channelId: 'c',
    channelType,
    title: 'Ada',
    lastAt: 1,
    lastPreview: '',
    lastHasFile: false,
    unread: 0,
    lastMessageId: 'm1',
    lastMessageAt: 1,
    lastMetadata: { chatId: '7' },
  })
}
