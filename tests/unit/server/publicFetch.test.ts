import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPublicAddresses } from '../../../server/http/publicAddress.ts'
import { type Address, createPublicFetch } from '../../../server/http/publicFetch.ts'

describe('an address of the internet', () => {
  const isPublic = createPublicAddresses()

  it.each([
    ['1.1.1.1', '8.8.8.8', '172.15.255.255', '172.32.0.1', '100.63.255.255', '100.128.0.1', '192.167.1.1', '223.255.255.255'],
    ['2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '2400::1', '64:ff9b::808:808'],
  ])('relay:ATT6 %s and its like are', (...addresses) => {
    expect(addresses.filter((address) => !isPublic(address))).toEqual([])
  })

  it.each([
    ['0.0.0.0', '10.0.0.1', '127.0.0.1', '127.255.255.254', '100.64.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
    ['192.168.0.1', '192.0.0.192', '198.18.0.1', '203.0.113.9', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    [
      '::',
      '::1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:8.8.8.8',
      '::127.0.0.1',
      'fe80::1',
      'fe80::1%lo',
      'fc00::1',
      'fd00:ec2::254',
    ],
    ['64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '2001::1', '2001:db8::1', '2002:7f00:1::', 'ff02::1', '100::1'],
    ['', 'localhost', '127.1', '0x7f000001', '1.1.1.1.', '[2606:4700:4700::1111]'],
  ])('relay:ATT6 %s and its like are not', (...addresses) => {
    expect(addresses.filter(isPublic)).toEqual([])
  })
})

describe('the fetch for addresses from outside', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })

  /** A server that nobody outside may reach, and what it was asked. */
  async function startServer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    const asked: string[] = []
    let connections = 0
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.headers.host}${request.url}`)
      answer(request, response)
    })
    server.on('connection', () => connections++)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    undo.push(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    return { port, asked, connections: () => connections }
  }

  let inner: Awaited<ReturnType<typeof startServer>>
  beforeEach(async () => {
    inner = await startServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: 'http://127.0.0.1/' }).end()
      else if (request.url === '/echo') request.pipe(response.writeHead(200, { 'x-type': request.headers['content-type'] ?? '' }))
      else if (request.url === '/cut') response.writeHead(200, { 'content-length': '9' }).write('cut', () => response.destroy())
      else if (request.url === '/slow') response.writeHead(200).write('slow')
      else if (request.url === '/agent') response.end(`${request.headers['user-agent']} ${request.headers.accept}`)
      else if (request.url === '/none') response.writeHead(204).end()
      else response.writeHead(200, { 'content-type': 'text/plain' }).end('inner')
    })
  })

  const v4 = (address: string): Address => ({ address, family: 4 })
  const v6 = (address: string): Address => ({ address, family: 6 })

  it.each<[string, Address[]]>([
    ['this machine', [v4('127.0.0.1')]],
    ['this machine by IPv6', [v6('::1')]],
    ['this machine, an IPv4 address inside of an IPv6 one', [v6('::ffff:127.0.0.1')]],
    ['the network', [v4('192.168.1.1')]],
    ['the cloud’s metadata', [v4('169.254.169.254')]],
    ['the internet and inside', [v4('1.1.1.1'), v4('127.0.0.1')]],
    ['nowhere', []],
  ])('relay:ATT6 a name that leads to %s is not followed', async (_where, addresses) => {
    const ours = createPublicFetch({ trusted: [], lookup: async () => addresses })
    await expect(ours(`http://files.example:${inner.port}/x`)).rejects.toThrow('fetch failed')
    expect(inner.connections()).toBe(0)
  })

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0', '127.0.0.1.', '①②⑦.0.0.1'])(
    'relay:ATT6 %s is an address and not asked for',
    async (host) => {
      const names: string[] = []
      const ours = createPublicFetch({
        trusted: [],
        lookup: async (hostname) => {
          names.push(hostname)
          return [v4('127.0.0.1')]
        },
      })
      await expect(ours(`http://${host}:${inner.port}/x`)).rejects.toThrow('fetch failed')
      expect([names, inner.connections()]).toEqual([[], 0])
    },
  )

  it('relay:ATT6 a name that changes between the check and the connection is asked for once, and its first answer holds', async () => {
    const answers = [[v4('127.0.0.1')], [v4('127.0.0.2')]]
    const checked: string[] = []
    const ours = createPublicFetch({
      trusted: [],
      lookup: async () => answers.shift() ?? [],
      isPublic: (address) => checked.push(address) > 0,
    })
    const answer = await ours(`http://files.example:${inner.port}/x?y`)
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'text/plain', 'inner'])
    expect([checked, answers.length, inner.asked]).toEqual([['127.0.0.1'], 1, [`GET files.example:${inner.port}/x?y`]])
    // The next request is checked anew, over a connection of its own.
    await expect(ours(`http://files.example:${inner.port}/x`)).rejects.toThrow()
    expect([checked, inner.connections()]).toEqual([['127.0.0.1', '127.0.0.2'], 1])
  })

  it('relay:ATT6 the operator’s own addresses are asked as ever, a neighbour of theirs is not', async () => {
    const ours = createPublicFetch({ trusted: [`http://127.0.0.1:${inner.port}/api`], lookup: async () => [v4('1.1.1.1')] })
    expect(await (await ours(`http://127.0.0.1:${inner.port}/api/x`)).text()).toBe('inner')
    const other = await startServer((_request, response) => response.end())
    await expect(ours(`http://127.0.0.1:${other.port}/api/x`)).rejects.toThrow()
    expect(other.connections()).toBe(0)
  })

  describe('answers', () => {
    const ours = createPublicFetch({ trusted: [], lookup: async () => [v4('127.0.0.1')], isPublic: () => true })
    const at = (path: string) => `http://files.example:${inner.port}${path}`

    it('relay:ATT6 redirects are not followed', async () => {
      await expect(ours(at('/moved'))).rejects.toThrow()
      await expect(ours(at('/moved'), { redirect: 'error' })).rejects.toThrow()
      const shown = await ours(at('/moved'), { redirect: 'manual' })
      await shown.body?.cancel()
      expect([shown.status, shown.headers.get('location')]).toEqual([302, 'http://127.0.0.1/'])
      expect(inner.asked).toHaveLength(3)
    })

    it('relay:ATT6 says who asks, unless the request says it', async () => {
      const named = async (init: RequestInit) => (await ours(at('/agent'), init)).text()
      expect(await named({})).toBe('chaos-relay */*')
      expect(await named({ headers: { 'User-Agent': 'mine', Accept: 'image/png' } })).toBe('mine image/png')
    })

    it('relay:ATT6 bodies go out and come in whole, or fail', async () => {
      const headers = { 'content-type': 'application/octet-stream' }
      const echo = await ours(at('/echo'), { method: 'POST', headers, body: new Uint8Array([0, 1, 255]) })
      expect([echo.headers.get('x-type'), ...new Uint8Array(await echo.arrayBuffer())]).toEqual([
        headers['content-type'],
        0,
        1,
        255,
      ])
      expect((await ours(at('/none'))).body).toBeNull()
      const cut = await ours(at('/cut'))
      await expect(cut.arrayBuffer()).rejects.toThrow()
    })

    it('relay:ATT6 a time limit ends the answer too', async () => {
      const limit = new AbortController()
      const slow = await ours(at('/slow'), { signal: limit.signal })
      const reading = slow.text()
      limit.abort()
      await expect(reading).rejects.toThrow()
      await expect(ours(at('/slow'), { signal: limit.signal })).rejects.toThrow()
      expect(inner.asked).toHaveLength(1)
    })
  })
})
