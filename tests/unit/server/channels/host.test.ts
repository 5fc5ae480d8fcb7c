import { describe, expect, it } from 'vitest'
import { createAdapters } from '../../../../server/channels/adapters.ts'
import { createDirectory } from '../../../../server/channels/directory.ts'
import { createChannelHost } from '../../../../server/channels/host.ts'
import { silentLog } from '../../../../server/log.ts'
import type { ReplyRecord, Store } from '../../../../server/store/port.ts'
import type { ChannelRecord } from '../../../../server/store/records.ts'
import { createFakeClock } from '../../../support/fakeClock.ts'

const record = (given: Partial<ChannelRecord> = {}): ChannelRecord => ({
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
  ...given,
})

describe('the channel host', () => {
  /** `slow` makes writes take a turn, so that they can meet. */
  function start(records: ChannelRecord[] = []) {
    const clock = createFakeClock()
    const rows = new Map(records.map((channel) => [channel.id, channel]))
    const positions = new Map<string, string>()
    const failing = { writes: false }
    const log: string[] = []
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    const guard = async () => {
      await turn()
      if (failing.writes) throw new Error('disk full')
    }
    const channels: Store['channels'] = {
      load: async () => [...rows.values()],
      async insert(channel) {
        await guard()
        if (rows.has(channel.id)) return false
        rows.set(channel.id, channel)
        return true
      },
      async put(channel, expected) {
        await guard()
        if (rows.get(channel.id)?.revision !== expected) return false
        rows.set(channel.id, channel)
        return true
      },
      async remove(id) {
        await guard()
        return rows.delete(id)
      },
      position: async (id, key) => positions.get(`${id} ${key}`),
      positions: async () => [],
      async setPosition(id, key, value) {
        positions.set(`${id} ${key}`, value)
      },
    }
    const frames: { userId: string; channelId: string; channel: unknown }[] = []
    const failed: ReplyRecord[][] = []
    const adapters = createAdapters()
    const directory = createDirectory(records)
    const host = createChannelHost({
      store: {
        channels,
        replies: { failChannel: async () => [] } as unknown as Store['replies'],
        inbox: { origin: async () => undefined } as unknown as Store['inbox'],
      },
      directory,
      adapters,
      ingest: async () => ({ messageId: 'm', duplicate: false }),
      hub: {
        sendFrame(userId, frame) {
          const told = typeof frame === 'function' ? frame('http://relay') : frame
          if (told.type === 'channel_update') frames.push({ userId, channelId: told.channelId, channel: told.channel })
        },
      },
      seal: { seal: (plain) => `sealed ${plain}`, unseal: (sealed) => sealed.slice(7) },
      clock,
      log: silentLog(),
      repliesFailed: (replies) => void failed.push(replies),
    })
    adapters.add({
      type: 'telegram',
      parts: () => [],
      send: () => Promise.reject(new Error('not here')),
      start({ id }) {
        log.push(`open ${id}`)
        return {
          async close() {
            await turn()
            log.push(`closed ${id}`)
          },
        }
      },
      async removed({ id }) {
        log.push(`removed ${id}`)
      },
    })
    return { host, clock, rows, log, frames, failed, failing, positions }
  }

  it('relay:CH9 connections follow the switch, each closed before the next is opened', async () => {
    const { host, log } = start([record(), record({ id: 'off', enabled: false }), record({ id: 'hook', type: 'webhook' })])
    await host.start()
    const flip = (enabled: boolean) => host.update('c', (channel) => ({ ...channel, enabled }))
    expect(log).toEqual(['open c'])
    await flip(false)
    expect(log).toEqual(['open c', 'closed c'])
    await host.update('c', (channel) => ({ ...channel, name: 'still off' }))
    await flip(true)
    await host.update('c', (channel) => ({ ...channel, name: 'same connection' }))
    expect(log).toEqual(['open c', 'closed c', 'open c'])
    await Promise.all([flip(false), flip(true), flip(false), flip(true)])
    await host.close()
    expect(log.map((line, index) => line === (index % 2 === 0 ? 'open c' : 'closed c'))).not.toContain(false)
    expect(log.at(-1)).toBe('closed c')
  })

  it('relay:CH5 of 110 channels inserted at once 100 are kept', async () => {
    const { host } = start()
    const inserted = await Promise.allSettled(Array.from({ length: 110 }, (_, index) => host.insert(record({ id: `c${index}` }))))
    const refused = inserted.filter((result) => result.status === 'rejected')
    expect(refused.map(({ reason }) => reason.code)).toEqual(Array.from({ length: 10 }, () => 'too_many_channels'))
    expect(host.list('u')).toHaveLength(100)
  })

  it('relay:CH10 a delete closes, undoes, fails what is queued, and tells', async () => {
    const { host, log, frames, failed, rows } = start()
    await host.start()
    await host.insert(record())
    expect(await host.remove('c')).toBe(true)
    expect(log).toEqual(['open c', 'closed c', 'removed c'])
    expect(frames).toEqual([{ userId: 'u', channelId: 'c', channel: null }])
    expect(failed).toEqual([[]])
    expect(rows.size).toBe(0)
    expect(await host.remove('c')).toBe(false)
    expect(await host.update('c', (channel) => ({ ...channel, name: 'x' }))).toBeUndefined()
  })

  it('relay:DUR1 what could not be written is not in memory either', async () => {
    const { host, failing, frames } = start([record()])
    failing.writes = true
    await expect(host.update('c', (channel) => ({ ...channel, name: 'lost' }))).rejects.toThrow('disk full')
    await expect(host.insert(record({ id: 'd' }))).rejects.toThrow('disk full')
    await expect(host.remove('c')).rejects.toThrow('disk full')
    expect(host.channel('c')?.name).toBeUndefined()
    expect(host.channel('d')).toBeUndefined()
    expect(frames).toEqual([])
    failing.writes = false
    expect((await host.update('c', (channel) => ({ ...channel, name: 'kept' })))?.name).toBe('kept')
  })

  it('relay:CH8 fifty changes that meet are all kept; owner, type and id never change', async () => {
    const { host } = start([record({ metadata: { count: 0 } })])
    await Promise.all(
      Array.from({ length: 50 }, () =>
        host.update('c', (channel) => ({
          ...channel,
          userId: 'thief',
          type: 'email',
          id: 'x',
          metadata: { count: Number(channel.metadata.count) + 1 },
        })),
      ),
    )
    expect(host.channel('c')).toMatchObject({ userId: 'u', type: 'telegram', id: 'c', metadata: { count: 50 }, revision: 50 })
  })

  it('relay:WS16 a status is written and told only when it changes', async () => {
    const { host, frames } = start([record()])
    await host.setStatus('c', { state: 'ok' })
    expect(frames).toEqual([])
    await host.setStatus('c', { state: 'conflict', detail: 'Stop the other one.' })
    await host.setStatus('c', { state: 'conflict', detail: 'Stop the other one.' })
    expect(frames).toHaveLength(1)
    expect(frames[0]).toMatchObject({
      userId: 'u',
      channelId: 'c',
      channel: { status: { state: 'conflict', detail: 'Stop the other one.' } },
    })
  })

  it('relay:PAIR6 refusals are counted, shown in one line, and kept over a restart', async () => {
    const { host, clock, positions, rows } = start([record()])
    host.rejected('c', 'first')
    host.rejected('c', `second\n\u202e${'x'.repeat(500)}`)
    host.rejected('unknown', 'x')
    const { status } = host.view(record(), 'http://relay')
    expect(status).toEqual({ state: 'ok', rejected: 2, lastRejectedReason: expect.stringMatching(/^second \ufffdx{192}$/) })
    await clock.advance(60_000)
    expect([...positions.keys()]).toEqual(['c activity'])
    const again = start([...rows.values()])
    for (const [key, value] of positions) again.positions.set(key, value)
    await again.host.start()
    expect(again.host.view(record(), 'http://relay').status).toEqual(status)
  })

  it('relay:CH6 the owner sees a live pairing code and what the platform said, no secret', () => {
    const { host, clock } = start()
    const pairing = { sealed: 'sealed K7M4PX2Q', expiresAt: clock.now() + 1000, wrongGuesses: 0 }
    const channel = record({
      metadata: { allowedUsers: ['1'] },
      platform: { botId: '9', botUsername: 'b', internal: 'x' },
      secrets: { botToken: 'sealed T', platform: 'sealed P', pairing },
    })
    expect(host.view(channel, 'http://relay').metadata).toEqual({
      allowedUsers: ['1'],
      botUsername: 'b',
      pairingCode: 'K7M4PX2Q',
      pairingExpiresAt: new Date(pairing.expiresAt).toISOString(),
    })
    expect(
      JSON.stringify(
        host.view({ ...channel, secrets: { ...channel.secrets, pairing: { ...pairing, expiresAt: clock.now() } } }, ''),
      ),
    ).not.toMatch(/K7M4|sealed/)
  })
})
