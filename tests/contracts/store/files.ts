import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NewFile } from '../../../server/store/port.ts'
import { addSession, appendStored, DAY, expireAll, newMessage, type OpenedStore, type StoreEngine, T0 } from './engine.ts'

export function filesContract(engine: StoreEngine): void {
  describe(`${engine.name}: files`, () => {
    let opened: OpenedStore
    let user: string
    beforeEach(async () => {
      opened = await engine.open()
      user = await addSession(opened.store)
    })
    afterEach(() => opened.close())
    const pendingFile: NewFile = {
      id: 'p',
      filename: 'photo.jpg',
      mimeType: 'image/jpeg',
      kind: 'image',
      sealedSource: 'sealed',
      size: 10,
    }

    it('relay:ATT4 gives exactly the bytes that came, up to 5 MiB, and says whose they are', async () => {
      const bytes = new Uint8Array(5 * 1024 * 1024).map((_, i) => (i * 31) % 256)
      const file: NewFile = { id: 'f', filename: 'a.bin', mimeType: 'application/octet-stream', kind: 'file', bytes }
      const { id } = await appendStored(opened.store, newMessage(user, { files: [file] }))
      const read = await opened.store.attachments.read(id, 'f')
      expect(read).toMatchObject({ state: 'stored', userId: user, channelId: 'hook', file: { id: 'f', size: bytes.length } })
      expect(read?.state === 'stored' && Buffer.compare(read.bytes, bytes)).toBe(0)
      expect(await opened.store.attachments.read(id, 'x')).toBeUndefined()
      expect(await opened.store.attachments.read('x', 'f')).toBeUndefined()
    })

    it('relay:ATT6 a file that is fetched later is pending until filled; then the message tells its real size and type', async () => {
      const { id } = await appendStored(opened.store, newMessage(user, { files: [pendingFile] }))
      expect(await opened.store.attachments.pending(10)).toEqual([
        { ownerId: id, attachmentId: 'p', channelId: 'hook', sealedSource: 'sealed' },
      ])
      expect(await opened.store.attachments.read(id, 'p')).toMatchObject({
        state: 'pending',
        sealedSource: 'sealed',
        file: { size: 10 },
      })
      await opened.store.attachments.fill(id, 'p', new Uint8Array([1, 2, 3]), 'text/plain', 'file')
      await opened.store.attachments.fill(id, 'p', new Uint8Array([9]), 'text/html', 'file')
      const known = { id: 'p', filename: 'photo.jpg', mimeType: 'text/plain', size: 3, kind: 'file' }
      expect(await opened.store.attachments.read(id, 'p')).toMatchObject({
        state: 'stored',
        file: known,
        bytes: new Uint8Array([1, 2, 3]),
      })
      expect((await opened.store.inbox.byId(user, id))?.attachments).toEqual([known])
      expect(await opened.store.attachments.pending(10)).toEqual([])
    })

    it('relay:ATT5, ATT6 a file that is given up is gone; one that is stored stays', async () => {
      const { attachments } = opened.store
      const kept: NewFile = { id: 'k', filename: 'k', mimeType: 'text/plain', kind: 'file', bytes: new Uint8Array([1]) }
      const { id } = await appendStored(opened.store, newMessage(user, { files: [pendingFile, kept] }))
      await attachments.giveUp(id, 'p')
      await attachments.giveUp(id, 'k')
      await attachments.giveUp(id, 'unknown')
      expect(await attachments.read(id, 'p')).toMatchObject({ state: 'gone', userId: user })
      expect(await attachments.read(id, 'k')).toMatchObject({ state: 'stored' })
      expect(await attachments.pending(10)).toEqual([])
      await attachments.fill(id, 'p', new Uint8Array([2]), 'text/plain', 'file')
      expect(await attachments.read(id, 'p')).toMatchObject({ state: 'gone' })
    })

    it('relay:ATT5 relay:STO4 after its message expired a file is gone, not unknown, and later forgotten', async () => {
      const { id } = await appendStored(opened.store, newMessage(user, { files: [pendingFile] }))
      await expireAll(opened.store, { now: T0 + 31 * DAY, keptMs: 30 * DAY, keptMessages: 10 })
      expect(await opened.store.attachments.read(id, 'p')).toMatchObject({ state: 'gone', userId: user })
      expect(await opened.store.attachments.pending(10)).toEqual([])
      await expireAll(opened.store, { now: T0 + 61 * DAY, keptMs: 30 * DAY, keptMessages: 10 })
      expect(await opened.store.attachments.read(id, 'p')).toBeUndefined()
    })
  })
}
