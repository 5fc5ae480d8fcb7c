import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Place } from './scan.ts'

export type Tap = Awaited<ReturnType<typeof startTap>>

/**
 * Stands before a port of the relay and keeps every byte the relay says, by connection. A connection is named after its first line: `POST
 * /channels`, or `name` where what is spoken has no such lines.
 */
export async function startTap(port: number, name?: string) {
  const places: (Place & { chunks: Buffer[] })[] = []
  const sockets = new Set<Socket>()
  const server = createServer((caller) => {
    const relay = connect(port, '127.0.0.1')
    const said: Buffer[] = []
    const chunks: Buffer[] = []
    places.push({
      chunks,
      get where() {
        return name ?? firstLine(Buffer.concat(said).toString('latin1'))
      },
      get bytes() {
        return Buffer.concat(chunks)
      },
    })
    caller.on('data', (chunk: Buffer) => {
      if (said.length === 0) said.push(chunk)
    })
    relay.on('data', (chunk: Buffer) => chunks.push(chunk))
    for (const [from, to] of [
      [caller, relay],
      [relay, caller],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.end()).on('close', () => sockets.delete(from))
      from.pipe(to)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const listening = (server.address() as AddressInfo).port
  return {
    port: listening,
    url: `http://127.0.0.1:${listening}`,
    places: places as readonly Place[],
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function firstLine(request: string): string {
  const [, method = '', path = ''] = /^([A-Z]+) ([^ ?]*)/.exec(request) ?? []
  return `${method} ${path}`
}
