import { afterEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../support/fakeClock.ts'
import { openTestSocket } from '../../../support/socket.ts'
import { startSocketServer } from '../../../support/socketServer.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('the hub', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })

  async function start(options: Parameters<typeof startSocketServer>[0] = {}) {
    const server = await startSocketServer(options)
    undo.push(() => server.close())
    const open = async (cursor = 0) => {
      const socket = await openTestSocket(server.url, ['chaos.v2'])
      undo.push(() => socket.socket.terminate())
      await socket.next()
      socket.send({ type: 'resume', cursor, epoch: 'e' })
      return socket
    }
    const seqs = async (socket: Awaited<ReturnType<typeof open>>, count: number) => {
      const found: number[] = []
      while (found.length < count) found.push((await socket.nextOf('message')).seq)
      return found
    }
    return { server, open, seqs }
  }

  it('relay:CUR2, WS10 pushes that come out of order or with gaps still go out once and in order', async () => {
    const { server, open, seqs } = await start()
    const socket = await open()
    await socket.nextOf('resumed')
    const [one, two, three, four, five] = server.store(5)
    if (!one || !two || !three || !four || !five) throw new Error('five were stored')
    server.tell([two])
    server.tell([one])
    server.tell([five, four])
    server.tell([three, three])
    server.tell([one])
    expect(await seqs(socket, 5)).toEqual(upTo(5))
    server.tell(server.store(1))
    expect(await seqs(socket, 1)).toEqual([6])
    expect(socket.unread()).toEqual([])
  })

  it('relay:WS10 what is committed between a read and its answer is read too', async () => {
    const { server, open, seqs } = await start()
    server.store(10)
    let waiting: (() => void) | undefined
    server.control.afterRead = () =>
      new Promise((resolve) => {
        waiting = resolve
      })
    const socket = await open()
    while (!waiting) await turn()
    server.tell(server.store(3))
    server.control.afterRead = async () => {}
    waiting()
    expect(await seqs(socket, 13)).toEqual(upTo(13))
    server.tell(server.store(1))
    expect(await seqs(socket, 1)).toEqual([14])
  })

  it('relay:WS8 resumed is told once what was there is written, though more keeps coming', async () => {
    const { server, open } = await start()
    server.store(40)
    server.control.afterRead = async () => {
      if (server.control.reads < 20) server.tell(server.store(40))
    }
    const socket = await open()
    const frames = await socket.until('resumed')
    const before = frames.filter(({ type }) => type === 'message').length
    expect(before).toBeGreaterThanOrEqual(40)
    expect(before).toBeLessThan(200)
    expect(frames.at(-1).head).toBe(before)
  })

  it('relay:ERR2 a store that cannot be read ends the socket, and the next one works', async () => {
    const { server, open } = await start()
    server.store(3)
    server.control.afterRead = () => Promise.reject(new Error('broken disk'))
    const broken = await open()
    expect((await broken.closed).code).toBe(1011)
    server.control.afterRead = async () => {}
    const socket = await open(2)
    expect((await socket.nextOf('message')).seq).toBe(3)
  })

  it('relay:WS15, REG7 an apiKey that ends while its socket opens leaves no socket behind', async () => {
    const { server } = await start()
    let checks = 0
    Object.defineProperty(server.valid, 'token', { get: () => ++checks === 1 })
    const socket = await openTestSocket(server.url, ['chaos.v2'])
    expect((await socket.closed).code).toBe(1008)
    while (server.hub.count() > 0) await turn()
    expect(server.hub.countOf('u')).toBe(0)
  })

  it('relay:WS7 a client that talks on without resuming is closed', async () => {
    const { server } = await start()
    const socket = await openTestSocket(server.url, ['chaos.v2'])
    for (let sent = 0; sent < 200; sent++) socket.send('garbage')
    expect((await socket.closed).code).toBe(1008)
  })

  it('relay:WS7 of two resumes the first counts, and while it is worked on no deadline passes', async () => {
    const clock = createFakeClock()
    const { server } = await start({ clock })
    server.store(3)
    let go: (() => void) | undefined
    server.inbox.droppedAbove = () =>
      new Promise((resolve) => {
        go = () => resolve(0)
      })
    const socket = await openTestSocket(server.url, ['chaos.v2'])
    await socket.next()
    socket.send({ type: 'resume', cursor: 2, epoch: 'e' })
    socket.send({ type: 'resume', cursor: 0, epoch: null })
    while (!go) await turn()
    await clock.advance(15_000)
    go()
    expect((await socket.until('resumed')).map(({ type, seq }) => [type, seq])).toEqual([
      ['message', 3],
      ['resumed', undefined],
    ])
    await socket.close()
  })

  it('relay:WS13 a reply that is not stored in time is answered with an error, once', async () => {
    const clock = createFakeClock()
    let stored: ((answer: { responseId: string }) => void) | undefined
    const replies = {
      accept: () =>
        new Promise<{ responseId: string }>((resolve) => {
          stored = resolve
        }),
    }
    const { open } = await start({ clock, replies })
    const socket = await open()
    await socket.nextOf('resumed')
    socket.send({ type: 'reply', channelId: 'c', content: 'x', clientId: 'slow' })
    while (!stored) await turn()
    await clock.advance(9_900)
    expect(await socket.next()).toMatchObject({ type: 'error', code: 'storage_unavailable', clientId: 'slow' })
    stored({ responseId: 'late' })
    await turn()
    socket.send({ type: 'ping' })
    expect(await socket.next()).toEqual({ type: 'pong' })
  })

  it('relay:WS13 too many replies at once are read no faster than they are answered', async () => {
    let working = 0
    let most = 0
    const replies = {
      async accept() {
        working += 1
        most = Math.max(most, working)
        await turn()
        working -= 1
        return { responseId: 'r' }
      },
    }
    const { server, open } = await start({ replies })
    const socket = await open()
    await socket.nextOf('resumed')
    const filler = 'f'.repeat(10_000)
    for (let sent = 0; sent < 500; sent++) socket.send({ type: 'reply', clientId: `c${sent}`, filler })
    while (!server.sockets[0]?.isPaused()) await turn()
    for (let answered = 0; answered < 500; answered++) expect((await socket.next()).clientId).toBe(`c${answered}`)
    expect(most).toBe(1)
    expect(server.sockets[0]?.isPaused()).toBe(false)
  })

  it('relay:WS11 sweeps only while there are sockets, and leaves no timer behind', async () => {
    const clock = createFakeClock()
    const { server, open } = await start({ clock })
    const socket = await open()
    await socket.nextOf('resumed')
    expect(clock.waiting()).toBe(1)
    await socket.close()
    while (server.hub.count() > 0) await turn()
    await clock.advance(2_000)
    expect(clock.waiting()).toBe(0)
  })
})
