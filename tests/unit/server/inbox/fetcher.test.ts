import { describe, expect, it } from 'vitest'
import { DeliveryFailure } from '../../../../server/channels/port.ts'
import { createFileFetcher } from '../../../../server/inbox/fetcher.ts'
import { silentLog } from '../../../../server/log.ts'
import type { AttachmentStore } from '../../../../server/store/attachmentPort.ts'
import type { ChannelRecord } from '../../../../server/store/records.ts'
import { createFakeClock } from '../../../support/fakeClock.ts'

const CHANNEL: ChannelRecord = {
  id: 'c',
  userId: 'u',
  type: 'telegram',
  revision: 0,
  agentId: '',
  direction: 'bidirectional',
  enabled: true,
  createdAt: 0,
  metadata: {},
  platform: {},
  secrets: {},
  status: { state: 'ok' },
}
const GIF = Buffer.from('GIF89a....')

describe('fetching files that stayed at the platform', () => {
  function start(fetchFile: (source: string) => Promise<{ bytes: Uint8Array; mimeType?: string }>) {
    const clock = createFakeClock()
    const waiting: Awaited<ReturnType<AttachmentStore['pending']>> = []
    const filled: { id: string; bytes: string; mimeType: string; kind: string }[] = []
    const asked: { source: string; at: number }[] = []
    const givenUp: string[] = []
    const began = clock.now()
    const forget = (id: string) =>
      waiting.splice(
        waiting.findIndex(({ attachmentId }) => attachmentId === id),
        1,
      )
    const fetcher = createFileFetcher({
      attachments: {
        read: async () => undefined,
        async fill(_owner, id, bytes, mimeType, kind) {
          filled.push({ id, bytes: Buffer.from(bytes).toString(), mimeType, kind })
          forget(id)
        },
        pending: async (limit) => waiting.slice(0, limit),
        async giveUp(_owner, id) {
          givenUp.push(id)
          forget(id)
        },
      },
      channel: (id) => (id === 'c' ? CHANNEL : undefined),
      fetchFile(_channel, source) {
        asked.push({ source, at: clock.now() - began })
        return fetchFile(source)
      },
      unseal: (sealed) => sealed.replace('sealed ', ''),
      clock,
      log: silentLog(),
    })
    const add = (id: string, channelId = 'c') =>
      waiting.push({ ownerId: 'm', attachmentId: id, channelId, sealedSource: `sealed ${id}` })
    return { clock, fetcher, add, filled, asked, givenUp }
  }

  it('relay:ATT6 files are fetched by their unsealed source and typed by their bytes', async () => {
    const { clock, fetcher, add, filled, asked } = start(async () => ({ bytes: GIF, mimeType: 'text/html' }))
    add('a')
    add('b')
    fetcher.wake()
    await clock.advance(0)
    expect(asked.map(({ source }) => source)).toEqual(['a', 'b'])
    expect(filled).toEqual(['a', 'b'].map((id) => ({ id, bytes: 'GIF89a....', mimeType: 'image/gif', kind: 'image' })))
    expect(clock.waiting()).toBe(0)
  })

  it('relay:ATT6 a failure is tried again with growing pauses and holds up no other file', async () => {
    let broken = true
    const { clock, fetcher, add, filled, asked } = start(async (source) => {
      if (broken && source === 'bad') throw new Error('not now')
      return { bytes: GIF }
    })
    add('bad')
    add('good')
    fetcher.wake()
    await clock.advance(40_000)
    expect(filled.map(({ id }) => id)).toEqual(['good'])
    expect(asked.filter(({ source }) => source === 'bad').map(({ at }) => at)).toEqual([0, 5_000, 15_000, 35_000])
    broken = false
    await clock.advance(40_000)
    expect(filled.map(({ id }) => id)).toEqual(['good', 'bad'])
    expect(clock.waiting()).toBe(0)
  })

  it('relay:ATT6 a file somebody asks for is tried at once', async () => {
    let broken = true
    const { clock, fetcher, add, filled } = start(async () => {
      if (broken) throw new Error('not now')
      return { bytes: GIF }
    })
    add('a')
    fetcher.wake()
    await clock.advance(0)
    broken = false
    fetcher.wanted('m', 'a')
    await clock.advance(0)
    expect(filled).toHaveLength(1)
  })

  it('relay:ATT5, ATT6 files that are too large, refused for good or of deleted channels are gone', async () => {
    const { clock, fetcher, add, filled, asked, givenUp } = start(async (source) => {
      if (source === 'refused') throw new DeliveryFailure('no longer there', { permanent: true })
      return { bytes: new Uint8Array(5 * 1024 * 1024 + 1) }
    })
    add('refused')
    add('large')
    add('orphan', 'gone')
    fetcher.wake()
    await clock.advance(0)
    expect(filled).toEqual([])
    expect(asked.map(({ source }) => source)).toEqual(['refused', 'large'])
    expect(givenUp).toEqual(['refused', 'large', 'orphan'])
    expect(clock.waiting()).toBe(0)
    await fetcher.close()
  })

  it('relay:ATT6 many failed files do not hide those behind them', async () => {
    const { clock, fetcher, add, filled } = start(async (source) => {
      if (source.startsWith('bad')) throw new Error('gone')
      return { bytes: GIF }
    })
    for (let index = 0; index < 130; index++) add(`bad${index}`)
    add('good')
    fetcher.wake()
    await clock.advance(0)
    for (let turns = 0; turns < 50 && filled.length === 0; turns++) await clock.advance(0)
    expect(filled.map(({ id }) => id)).toEqual(['good'])
    await fetcher.close()
  })
})
