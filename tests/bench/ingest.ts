import { contest, WARMUP_S } from './contest.ts'
import { compileLoad, startServer } from './processes.ts'
import { startRelayServer } from './relayServer.ts'
import type { Row } from './table.ts'

const SHAPES = [
  { shape: '64 connections, closed loop', connections: 64, rate: 0, seconds: 3 },
  { shape: '500 posts/s, open loop', connections: 16, rate: 500, seconds: 4 },
]

/** POST webhook → fsync → WebSocket. */
export async function benchIngest(): Promise<Row[]> {
  const load = compileLoad('load.c')
  try {
    const rows: Row[] = []
    for (const { shape, connections, rate, seconds } of SHAPES) {
      const how = [connections, WARMUP_S, seconds, rate]
      const contenders = {
        async reference() {
          const server = await startServer('reference.ts', (folder) => [`${folder}/reference.db`])
          return { server, args: ['/webhook/bench', '/ws', ...how] }
        },
        async relay() {
          const { server, session } = await startRelayServer(['inbound'])
          const { post, socket } = await session()
          return { server, args: [post, socket, ...how] }
        },
      }
      rows.push(...(await contest(load.path, contenders, { shape, counted: 'messages delivered', latency: 'from post to socket' })))
    }
    return rows
  } finally {
    load.remove()
  }
}
