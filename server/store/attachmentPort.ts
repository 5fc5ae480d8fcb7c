import type { Attachment } from '#protocol/message.ts'

/** `userId` and `channelId` say whose file it is, also after its message has expired (relay:ATT5). */
export type StoredFile = { userId: string; channelId: string } & (
  | { state: 'stored'; file: Attachment; bytes: Uint8Array }
  | { state: 'pending'; file: Attachment; sealedSource: string }
  | { state: 'gone'; file: Attachment }
)

export type AttachmentStore = {
  /** `ownerId` is a message id or a response id. */
  read(ownerId: string, attachmentId: string): Promise<StoredFile | undefined>
  fill(ownerId: string, attachmentId: string, bytes: Uint8Array, mimeType: string, kind: 'image' | 'file'): Promise<void>
  pending(limit: number): Promise<{ ownerId: string; attachmentId: string; channelId: string; sealedSource: string }[]>
  /** A file that will never be fetched is gone from now on; others stay as they are. relay:ATT5, ATT6 */
  giveUp(ownerId: string, attachmentId: string): Promise<void>
}
