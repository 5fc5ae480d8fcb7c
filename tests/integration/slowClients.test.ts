import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createAddresses } from '../../server/http/address.ts'
import { createHttpServer } from '../../server/http/server.ts'
import { silentLog } from '../../server/log.ts'
import { send } from '../support/http.ts'
import { rawExchange } from '../support/rawHttp.ts'

describe('callers that keep the relay waiting', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })

  /** The relay's server. It has little patience only where a test waits for the end of it: a busy machine may take long for the rest. */
  async function start({
    maxBodyBytes = 1000,
    maxUnfinishedBytes = 1_000_000,
    headersTimeout = 60_000,
    requestTimeout = 60_000,
  } = {}) {
    const seen: Buffer[] = []
    let ids = 0
    const http = createHttpServer({
      routes: [
        {
          method: 'POST',
          path: '/echo',
          handle: ({ body }) => {
            seen.push(body)
            return { json: { length: body.length } }
          },
        },
      ],
      unknown: { handle: () => ({ status: 404, json: {} }) },
      addresses: createAddresses({ trustProxy: false }),
      nextRequestId: () => `id-${++ids}`,
      sign: () => '',
      now: Date.now,
      log: silentLog(),
      maxBodyBytes,
      maxUnfinishedBytes,
      patience: { headersTimeout, requestTimeout, connectionsCheckingInterval: 30, keepAliveTimeout: 65_000 },
    })
    const { port } = await http.listen(0, '127.0.0.1')
    undo.push(() => http.close())
    return { url: `http://127.0.0.1:${port}`, port, seen }
  }

  it('relay:WH7 unfinished headers are answered 408 and the connection is closed', async () => {
    const { url } = await start({ headersTimeout: 150 })
    const answer = await rawExchange(url, ['POST /echo HTTP/1.1\r\nHost: a\r\nX-Slow: '])
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*X-Request-Id: id-/)
  })

  it('relay:WH7 a body that never ends is cut, and the route never sees it', async () => {
    const { url, seen } = await start({ headersTimeout: 300, requestTimeout: 300 })
    expect(await rawExchange(url, ['POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf'])).toMatch(
      /^HTTP\/1\.1 408 /,
    )
    expect(seen).toEqual([])
    expect((await send(url, '/echo', { method: 'POST', body: 'whole' })).json).toEqual({ length: 5 })
  })

  it('relay:WH7 one that is refused while it still sends, and wants the connection closed, can send to the end and reads the answer', async () => {
    const { port, seen } = await start()
    const socket = connect(port, '127.0.0.1')
    const problems: Error[] = []
    let answer = ''
    socket.on('error', (error) => problems.push(error))
    const size = 4_000_000
    socket.write(`POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${size}\r\n\r\n`)
    const refused = new Promise<void>((resolve) =>
      socket.on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1')
        if (answer.includes('body_too_large')) resolve()
      }),
    )
    await refused
    for (let sent = 0; sent < size; sent += 100_000)
      if (!socket.write('x'.repeat(100_000))) await Promise.race([once(socket, 'drain'), once(socket, 'close')])
    await once(socket, 'close')
    expect(problems).toEqual([])
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(seen).toEqual([])
  })

  it('relay:WH7, ERR2 bodies that never end hold so much memory together and no more; small requests pass meanwhile', async () => {
    const KIB = 1024
    // Each holds 32 KiB beyond what everybody may.
    const { url, port, seen } = await start({ maxBodyBytes: 100 * KIB, maxUnfinishedBytes: 100 * KIB })
    const half = (at: number) => {
      const socket = connect(port, '127.0.0.1')
      let answer = ''
      socket.on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1')
      })
      socket.write(`POST /echo?${at} HTTP/1.1\r\nHost: a\r\nContent-Length: ${60 * KIB}\r\n\r\n${'x'.repeat(48 * KIB)}`)
      return { socket, answer: () => answer }
    }
    const callers = Array.from({ length: 5 }, (_, at) => half(at))
    const refused = () => callers.filter(({ answer }) => answer() !== '')
    await expect.poll(() => refused().length).toBe(2)
    for (const { answer } of refused()) {
      expect(answer()).toMatch(/^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: 5\r\n[\s\S]*storage_unavailable/)
    }
    expect((await send(url, '/echo', { method: 'POST', body: 'y'.repeat(16 * KIB) })).status).toBe(200)
    for (const { socket } of callers) socket.destroy()
    await expect.poll(async () => (await send(url, '/echo', { method: 'POST', body: 'z'.repeat(100 * KIB) })).status).toBe(200)
    expect(seen.at(-1)).toEqual(Buffer.from('z'.repeat(100 * KIB)))
    expect(seen).toHaveLength(2)
  })

  it('relay:SIG5 a body in ten thousand pieces is read byte for byte', async () => {
    const { port, seen } = await start({ maxBodyBytes: 100_000 })
    const socket = connect(port, '127.0.0.1').setNoDelay(true)
    const body = Buffer.from(Array.from({ length: 30_000 }, (_, at) => at % 251))
    socket.write(`POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`)
    for (let at = 0; at < body.length; at += 3) {
      socket.write(body.subarray(at, at + 3))
      if (at % 300 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await once(socket, 'data')
    socket.destroy()
    expect(seen).toEqual([body])
  })

  it('relay:WH7 a caller that goes away in its body leaves nothing running', async () => {
    const { url, port, seen } = await start()
    for (let i = 0; i < 20; i++) {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf')
      socket.destroy()
      await once(socket, 'close')
    }
    expect((await send(url, '/echo', { method: 'POST', body: 'whole' })).status).toBe(200)
    expect(seen).toHaveLength(1)
  })
})
