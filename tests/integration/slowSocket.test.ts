import { afterEach, describe, expect, it } from 'vitest'
import { startRelay } from '../support/relay.ts'
import { openTestSocket } from '../support/socket.ts'
import { startSocketServer } from '../support/socketServer.ts'
import { createWebhook, NO_LIMITS } from '../support/webhook.ts'

const MIB = 1024 * 1024
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('slow sockets', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })

  async function start(options: Parameters<typeof startSocketServer>[0] = {}) {
    const server = await startSocketServer(options)
    undo.push(() => server.close())
    const open = async () => {
      const socket = await openTestSocket(server.url, ['chaos.v2'])
      undo.push(() => socket.socket.terminate())
      await socket.next()
      socket.send({ type: 'resume', cursor: 0, epoch: null })
      await socket.nextOf('resumed')
      return socket
    }
    const pour = async (count: number, content: string) => {
      for (let sent = 0; sent < count; sent++) {
        server.tell(server.store(1, content))
        if (sent % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    }
    return { server, open, pour }
  }

  it('relay:WS15 above 1 MiB unsent pushing stops, and the socket is caught up as it drains, in order and once', async () => {
    const { server, open, pour } = await start()
    const slow = await open()
    slow.socket.pause()
    await pour(400, 'y'.repeat(100_000))
    expect(server.sockets[0]?.writableLength).toBeGreaterThan(MIB / 2)
    expect(server.sockets[0]?.writableLength).toBeLessThan(2 * MIB)
    slow.socket.resume()
    const seqs: number[] = []
    while (seqs.length < 400) seqs.push((await slow.next()).seq)
    expect(seqs).toEqual(upTo(400))
    expect(server.sockets[0]).toMatchObject({ writableLength: 0, timeout: 0 })
    server.tell(server.store(1, 'live again'))
    expect((await slow.next()).message.content).toBe('live again')
    expect(slow.unread()).toEqual([])
  })

  it('relay:WS15 a slow socket does not hold back the others', async () => {
    const { open, pour } = await start()
    const [slow, quick] = [await open(), await open()]
    slow.socket.pause()
    const pouring = pour(300, 'z'.repeat(100_000))
    const seqs: number[] = []
    while (seqs.length < 300) seqs.push((await quick.next()).seq)
    await pouring
    expect(seqs).toEqual(upTo(300))
  })

  it('relay:WS15 one that takes nothing for a minute is closed with 1013', async () => {
    const { server, open, pour } = await start({ stalledMs: 150 })
    const stuck = await open()
    stuck.socket.pause()
    const stalled = new Promise((resolve) => server.sockets[0]?.once('timeout', resolve))
    await pour(400, 'y'.repeat(100_000))
    await stalled
    stuck.socket.resume()
    expect((await stuck.closed).code).toBe(1013)
  })

  it('relay:WS15 one that reads slowly but steadily is not closed', async () => {
    const stalledMs = 250
    const { open, pour } = await start({ stalledMs })
    const slow = await open()
    slow.socket.on('message', () => {
      slow.socket.pause()
      setTimeout(() => slow.socket.resume(), 10)
    })
    const began = performance.now()
    const pouring = pour(150, 'y'.repeat(200_000))
    const seqs: number[] = []
    while (seqs.length < 150) seqs.push((await slow.next()).seq)
    await pouring
    expect(seqs).toEqual(upTo(150))
    expect(performance.now() - began).toBeGreaterThan(3 * stalledMs)
  })

  it('relay:WS15 a client that talks without reading cannot make the relay collect answers', async () => {
    const { server, open } = await start()
    const rude = await open()
    rude.socket.pause()
    const garbage = 'g'.repeat(1000)
    for (let sent = 0; sent < 200_000; sent++) {
      rude.socket.send(garbage)
      if (sent % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    while (!server.sockets[0]?.isPaused()) await new Promise((resolve) => setImmediate(resolve))
    expect(server.sockets[0]?.writableLength).toBeLessThan(2 * MIB)
    const other = await open()
    other.send({ type: 'ping' })
    expect((await other.nextOf('pong')).type).toBe('pong')
  })

  it('relay:WS15 through the whole relay: forty messages of 1 MiB reach a sleeping client when it wakes', async () => {
    const relay = await startRelay({ env: NO_LIMITS })
    undo.push(() => relay.close())
    const client = await relay.client()
    const webhook = await createWebhook(client)
    const socket = await client.openResumed()
    socket.socket.pause()
    for (let said = 0; said < 40; said++) expect((await webhook.post('w'.repeat(MIB))).status).toBe(200)
    socket.socket.resume()
    const seqs: number[] = []
    while (seqs.length < 40) seqs.push((await socket.next()).seq)
    expect(seqs).toEqual(upTo(40))
    await socket.close()
  })
})
