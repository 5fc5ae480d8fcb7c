import type { OutgoingAttachment } from '#protocol/message.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import { checkChannel, checkSize } from './checks.ts'
import type { Scheduled } from './model.ts'
import { listObserved, OBSERVE_ONLY } from './observed.ts'

/** A year is a slip of the finger. client:SCH4 */
export const LATEST_MS = 366 * 24 * 60 * 60_000

type Wanted = { profileId: string; conversationId: string; content: string; attachments: OutgoingAttachment[]; sendAt: number }
type Place = Pick<Scheduled, 'profileId' | 'conversationId' | 'id'>

/**
 * Replies for later, written by the page that shows them: nothing but the database has to be there. What is due is taken out by
 * lib/inbox/schedule.ts. client:SCH1, SCH4
 */
export function createScheduling({ db, now }: { db: Database; now: () => number }) {
  function checkTime(sendAt: number): void {
    if (!(sendAt > now())) throw new Failure('invalid_field', 'This time has passed. Choose a later one.')
    if (sendAt - now() > LATEST_MS) throw new Failure('invalid_field', 'This is more than a year away. Choose an earlier time.')
  }

  /** Changes one that still waits; one that went meanwhile is not written again. */
  async function change(place: Place, next: (planned: Scheduled) => Scheduled): Promise<void> {
    const key: [string, string, string] = [place.profileId, place.conversationId, place.id]
    const transaction = db.transaction('scheduled', 'readwrite')
    const planned = await transaction.store.get(key)
    if (planned) await transaction.store.put(next(planned))
    await transaction.done
    if (!planned) throw new Failure('already_sent', 'This message has been sent or cancelled meanwhile.')
  }

  return {
    /** Stored with its files, in one transaction with the draft it takes the place of. */
    async add({ profileId, conversationId, content, attachments, sendAt }: Wanted): Promise<void> {
      checkSize(content, attachments)
      checkTime(sendAt)
      const observed = await listObserved(db, profileId)
      const transaction = db.transaction(['conversations', 'channels', 'scheduled', 'drafts'], 'readwrite')
      const conversation = await transaction.objectStore('conversations').get([profileId, conversationId])
      if (!conversation) throw new Failure('no_conversation', 'This conversation was deleted here. Wait for the next message.')
      const channels = await transaction.objectStore('channels').getAll(IDBKeyRange.bound([profileId], [profileId, []]))
      checkChannel(channels.find(({ id }) => id === conversation.channelId)?.config, channels.length > 0)
      const { channelId, channelType, lastMessageId, lastMetadata } = conversation
      if (observed.has(channelId)) throw new Failure(OBSERVE_ONLY.code, OBSERVE_ONLY.reason)
      await transaction.objectStore('scheduled').add({
        ...{ profileId, conversationId, channelId, channelType, content, attachments, sendAt },
        id: crypto.randomUUID(),
        ...(lastMessageId && { replyTo: lastMessageId }),
        metadata: lastMetadata,
        createdAt: now(),
      })
      await transaction.objectStore('drafts').delete([profileId, conversationId])
      await transaction.done
    },

    async edit(place: Place, { content, sendAt }: { content: string; sendAt: number }): Promise<void> {
      checkTime(sendAt)
      await change(place, (planned) => {
        checkSize(content, planned.attachments)
        return { ...planned, content, sendAt }
      })
    },

    /** It is due now. */
    sendNow: (place: Place): Promise<void> => change(place, (planned) => ({ ...planned, sendAt: now() })),

    cancel: ({ profileId, conversationId, id }: Place): Promise<void> => db.delete('scheduled', [profileId, conversationId, id]),
  }
}
