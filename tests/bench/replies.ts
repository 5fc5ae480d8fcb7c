import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contest, WARMUP_S } from './contest.ts'
import { compileLoad, type Server, startServer } from './processes.ts'
import { startRelayServer } from './relayServer.ts'
import type { Row } from './table.ts'

const SECONDS = 3
const SHAPES = [
  { shape: 'replies, 64 sockets, one each at a time', sockets: 64, inFlight: 1 },
  { shape: 'replies, one socket, 32 at a time', sockets: 1, inFlight: 32 },
]

/** Reply by WebSocket → fsync → acknowledgement. Each socket is a session of its own, as two browsers are. relay:WS13, REP6 */
export async function benchReplies(): Promise<Row[]> {
  const load = compileLoad('replies.c')
  try {
    const rows: Row[] = []
    for (const { shape, sockets, inFlight } of SHAPES) {
      const listed = (server: Server, lines: string[]) => {
        const list = join(server.folder, 'sockets.txt')
        writeFileSync(list, lines.join('\n'))
        return { server, args: [list, inFlight, WARMUP_S, SECONDS] }
      }
      const contenders = {
        async reference() {
          const server = await startServer('reference.ts', (folder) => [`${folder}/reference.db`])
          return listed(server, Array<string>(sockets).fill('/ws channel_reference'))
        },
        async relay() {
          const { server, session } = await startRelayServer(['register', 'wsReply'])
          const lines: string[] = []
          while (lines.length < sockets) {
            const { socket, channelId } = await session()
            lines.push(`${socket} ${channelId}`)
          }
          return listed(server, lines)
        },
      }
      rows.push(
        ...(await contest(load.path, contenders, { shape, counted: 'durable replies', latency: 'from reply to acknowledgement' })),
      )
    }
    return rows
  } finally {
    load.remove()
  }
}
