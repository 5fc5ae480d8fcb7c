import { describe, expect, it } from 'vitest'
import type { Inbound } from '../../../../server/channels/port.ts'
import { createIngest } from '../../../../server/inbox/ingest.ts'
import type { Appended, NewMessage, Store } from '../../../../server/store/port.ts'
import type { ChannelRecord } from '../../../../server/store/records.ts'

const CHANNEL: ChannelRecord = {
  id: 'c',
  userId: 'u',
  type: 'email',
  revision: 0,
  agentId: '',
  direction: 'bidirectional',
  enabled: true,
  createdAt: 0,
  name: 'na\0me',
  metadata: {},
  platform: {},
  secrets: {},
  status: { state: 'ok' },
}
const MIB = 1024 * 1024

describe('ingesting', () => {
  function start() {
    const stored: NewMessage[] = []
    const waiting: ((appended: Appended) => void)[] = []
    const state = { queued: 0, fetches: 0 }
    let ids = 0
    const ingest = createIngest({
      store: {
        inbox: {
          append(message: NewMessage) {
            stored.push(message)
            return new Promise<Appended>((resolve) => waiting.push(resolve))
          },
        } as unknown as Store['inbox'],
        maintenance: { queued: () => state.queued } as unknown as Store['maintenance'],
      },
      seal: (plain) => `sealed ${plain}`,
      clock: { now: () => 5 },
      newId: () => `id${++ids}`,
      filesToFetch: () => {
        state.fetches += 1
      },
    })
    const settle = (appended: Appended = { kind: 'duplicate', messageId: 'first' }) => waiting.shift()?.(appended)
    const take = (inbound: Partial<Inbound>) => ingest(CHANNEL, { from: 'f', content: 'c', metadata: {}, ...inbound })
    return { take, settle, stored, state }
  }
  const stored = (message: NewMessage | undefined) => ({ kind: 'stored' as const, message: { ...message, seq: 1 } as never })

  it('relay:ATT3 an e-mail’s HTML is kept beside three files, up to 1 MiB', async () => {
    const { take, settle, stored: rows } = start()
    const file = (filename: string) => ({ filename, mimeType: 'text/plain', bytes: new Uint8Array(1) })
    const html = (size: number) => ({ filename: 'message.html', mimeType: 'text/html', role: 'html', bytes: new Uint8Array(size) })
    const taking = [take({ files: [file('a'), file('b'), file('c'), html(MIB)] }), take({ files: [html(MIB + 1), file('a')] })]
    settle()
    settle()
    await Promise.all(taking)
    expect(rows[0]?.files?.map(({ filename, role }) => [filename, role])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', undefined],
      ['message.html', 'html'],
    ])
    expect(rows[0]?.files?.[3]).toMatchObject({ kind: 'file', mimeType: 'text/html' })
    expect(rows[1]?.files?.map(({ filename }) => filename)).toEqual(['a'])
    expect(rows[1]?.metadata.attachmentsOmitted).toEqual([{ filename: 'message.html', size: MIB + 1, reason: 'larger than 1 MiB' }])
  })

  it('relay:ATT6 what stayed at the platform is stored with a sealed source and fetched after the commit', async () => {
    const { take, settle, stored: rows, state } = start()
    const taking = take({
      files: [{ filename: '../p.png', mimeType: 'image/png', source: 'file-id', size: 9 }],
      metadata: { attachmentsOmitted: ['before'] },
    })
    expect(state.fetches).toBe(0)
    settle(stored(rows[0]))
    expect(await taking).toEqual({ messageId: 'id1', duplicate: false })
    expect(rows[0]).toMatchObject({
      files: [{ id: 'id2', filename: 'p.png', mimeType: 'image/png', kind: 'file', sealedSource: 'sealed file-id', size: 9 }],
      metadata: { attachmentsOmitted: ['before'] },
    })
    expect(state.fetches).toBe(1)
  })

  it('relay:CUR11, SAN1 the channel’s own words win and are clean', async () => {
    const { take, settle, stored: rows } = start()
    const taking = take({ from: 'a\0b', content: 'x\r\ny', metadata: { channelName: 'forged', k: '\u202e' } })
    settle()
    await taking
    expect(rows[0]).toMatchObject({
      from: 'ab',
      content: 'x\ny',
      now: 5,
      metadata: { k: '\ufffd', channelName: 'name', channelDirection: 'bidirectional' },
    })
  })

  it('relay:ERR2 more than can be committed soon is refused with Retry-After, by count and by bytes', async () => {
    const { take, settle, state } = start()
    state.queued = 10_001
    await expect(take({})).rejects.toMatchObject({ code: 'storage_unavailable', details: { retryAfter: 1 } })
    state.queued = 0
    const large = { content: 'x'.repeat(10 * MIB) }
    const waiting = [take(large), take(large), take(large)]
    await expect(take(large)).rejects.toMatchObject({ code: 'storage_unavailable' })
    for (const _ of waiting) settle()
    await Promise.all(waiting)
    const again = take(large)
    settle()
    expect(await again).toEqual({ messageId: 'first', duplicate: true })
  })

  it('relay:DUR3 a key with another body is a conflict', async () => {
    const { take, settle } = start()
    const taking = take({ idempotency: { key: 'k', bodyHash: 'h' } })
    settle({ kind: 'conflict' })
    await expect(taking).rejects.toMatchObject({ code: 'idempotency_conflict' })
  })
})
