import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RelayError } from '#protocol/errors.ts'
import type { Connection } from '../../../../../server/channels/port.ts'
import { createFakeClock } from '../../../../support/fakeClock.ts'
import { startAdapter } from './adapter.ts'

/** The store cannot be reached, the Gateway not either, or what it sends makes no sense. */
describe('receiving from Discord in trouble', () => {
  let at: Awaited<ReturnType<typeof startAdapter>>
  let clock: ReturnType<typeof createFakeClock>
  let connection: Connection

  beforeEach(async () => {
    clock = createFakeClock(Date.now())
    at = await startAdapter({ clock })
    connection = at.start()
    await at.discord.bot.sessionStarts.next()
  })
  afterEach(async () => {
    await connection.close()
    await at.discord.close()
  })

  const contents = () => at.fake.ingested.all.map(({ content }) => content)
  const committed = () => JSON.parse(at.fake.positions.get(`${at.current().id}|discord.session`) ?? '{}').sequence
  /** Lets time go by until something is the case. */
  async function until(is: () => boolean, step = 1_000): Promise<void> {
    while (!is()) {
      await clock.advance(step)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  it('relay:DUR4 a message whose commit fails is not passed over: those behind it wait, and nothing is confirmed before', async () => {
    const full = () => new RelayError('storage_unavailable', 'The disk is full.')
    at.ada.send('zero')
    await until(() => contents().length === 1)
    const before = committed()
    at.fake.failToStore(...Array.from({ length: 9 }, full))
    for (const content of ['one', 'two', 'three']) at.ada.send(content)
    await clock.advance(5_000)
    expect(contents()).toEqual(['zero'])
    expect(committed()).toBe(before)
    await until(() => contents().length === 4)
    expect(contents()).toEqual(['zero', 'one', 'two', 'three'])
    expect(committed()).toBe(before + 3)
  })

  it('relay:DUR4 a message that fails for a reason of its own is given up and counted, not the ones behind it', async () => {
    at.fake.failToStore(...Array.from({ length: 5 }, () => new TypeError('a fault of ours')))
    at.ada.send('poison')
    at.ada.send('fine')
    await until(() => contents().length === 1)
    expect(contents()).toEqual(['fine'])
    expect(at.fake.rejections.all.map(({ reason }) => reason)).toEqual(['a message of Discord could not be read'])
  })

  it('relay:PAIR4, DUR4 a message is committed before it is answered: no kill in between makes a wrong code count twice', async () => {
    at.discord.user('eve').send('hello')
    await at.discord.nextSent()
    expect(committed()).toBe(2)
  })

  it('relay:DUR4 what waits in memory has an end: the line is given up and the rest comes by resuming, all of it once', async () => {
    let open = () => {}
    const closed = new Promise<void>((resolve) => {
      open = resolve
    })
    const { ingest } = at.fake.host
    at.fake.host.ingest = async (...given) => {
      await closed
      return ingest(...given)
    }
    const total = 2_500
    for (let number = 0; number < total; number++) at.ada.send(`message ${number}`)
    await until(() => at.discord.gateway.connections(at.discord.bot) === 0)
    open()
    await until(() => contents().length === total)
    expect(at.discord.bot.sessionStarts.all.map(({ kind }) => kind)).toEqual(['identify', 'resume'])
    expect(contents()).toEqual(Array.from({ length: total }, (_, number) => `message ${number}`))
  })

  it('relay:DC3 what Discord sends that makes no sense is counted and passed over', async () => {
    const { gateway, bot } = at.discord
    for (const odd of [{}, { id: 5 }, { id: '1', channel_id: '2', author: 'ada' }, { id: { a: 1 }, channel_id: [], author: {} }])
      gateway.message(bot, 'MESSAGE_CREATE', odd as never, undefined)
    gateway.dispatch(bot, 'MESSAGE_CREATE', [], 1 << 12)
    gateway.dispatch(bot, 'INTERACTION_CREATE', { type: 2 }, 0)
    gateway.dispatch(bot, 'SOMETHING_NEW', { a: 1 }, 0)
    at.ada.send('sense')
    await until(() => contents().length === 1)
    expect(contents()).toEqual(['sense'])
    expect(at.fake.rejections.all).toHaveLength(5)
  })

  it('relay:DC3 no new session is begun when Discord allows no more of them; the owner is told', async () => {
    at.discord.allowStarts(0)
    at.discord.gateway.invalidate(at.discord.bot, false)
    const starts = at.discord.bot.sessionStarts.all.length
    await until(() => at.fake.statuses.all.at(-1)?.state === 'degraded' || at.current().status.state === 'degraded')
    expect(at.current().status.detail).toContain('no more connections')
    await clock.advance(60_000)
    expect(at.discord.bot.sessionStarts.all).toHaveLength(starts)
    at.discord.allowStarts(1)
    await until(() => at.discord.bot.sessionStarts.all.length > starts, 60 * 60_000)
    await until(() => at.current().status.state === 'ok')
  })

  it('relay:DC3 an end in the middle of beginning a session is an end too', async () => {
    const { gateway, bot } = at.discord
    gateway.settings.answersIdentify = false
    gateway.invalidate(bot, false)
    const began = () => bot.sessionStarts.all.filter(({ kind }) => kind === 'identify').length
    await until(() => began() === 2)
    gateway.askToReconnect(bot)
    await until(() => began() === 3)
    gateway.invalidate(bot, false)
    gateway.settings.answersIdentify = true
    await until(() => began() === 4)
    at.ada.send('at last')
    await until(() => contents().length === 1)
    expect(gateway.connections(bot)).toBe(1)
  })

  it('relay:ATT6 where the file host sends us is not where we go', async () => {
    let visits = 0
    const elsewhere = createServer((_request, response) => response.end(String(visits++)))
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    at.discord.moveFiles(`http://127.0.0.1:${port}/`)
    at.ada.sendFile({ filename: 'moved.bin', bytes: Buffer.from('moved') })
    await until(() => at.fake.ingested.all.length === 1)
    const [file] = at.fake.ingested.all[0]?.files ?? []
    const source = file && 'source' in file ? file.source : ''
    await expect(at.adapter.fetchFile?.(at.current(), source)).rejects.toMatchObject({ permanent: false })
    elsewhere.close()
    expect(visits).toBe(0)
  })

  it('relay:CH9 nothing keeps running after the connection is closed', async () => {
    await until(() => at.current().status.state === 'ok')
    await connection.close()
    const waiting = clock.waiting()
    await clock.advance(24 * 60 * 60_000)
    expect(waiting).toBe(0)
    expect(at.discord.gateway.connections(at.discord.bot)).toBe(0)
  })
})
