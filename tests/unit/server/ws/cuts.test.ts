import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openTestSocket } from '../../../support/socket.ts'
import { startSocketServer } from '../../../support/socketServer.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** What a client and its line may do, in any order. */
const step = fc.oneof(
  fc.record({ do: fc.constant('commit' as const), count: fc.integer({ min: 1, max: 40 }), size: fc.constantFrom(1, 200, 5_000) }),
  fc.constant({ do: 'cut' as const }),
  fc.constant({ do: 'read' as const }),
  fc.constant({ do: 'turn' as const }),
)

describe('a client whose line is cut again and again', () => {
  it('relay:WS8, WS10, CUR2 has in the end every message once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const server = await startSocketServer()
        const seen: number[] = []
        let stored = 0

        const connect = async () => {
          const socket = await openTestSocket(server.url, ['chaos.v2'])
          await socket.next()
          socket.send({ type: 'resume', cursor: seen.at(-1) ?? 0, epoch: 'e' })
          return socket
        }
        const readOne = async (socket: Awaited<ReturnType<typeof connect>>) => seen.push((await socket.nextOf('message')).seq)

        try {
          let socket = await connect()
          for (const wanted of steps) {
            if (wanted.do === 'commit') {
              stored += wanted.count
              server.tell(server.store(wanted.count, 'x'.repeat(wanted.size)))
            } else if (wanted.do === 'cut') {
              socket.socket.terminate()
              socket = await connect()
            } else if (wanted.do === 'read' && seen.length < stored) await readOne(socket)
            else await turn()
          }
          while (seen.length < stored) await readOne(socket)
          expect(seen).toEqual(Array.from({ length: stored }, (_, index) => index + 1))
          expect(socket.unread().filter(({ type }) => type === 'message')).toEqual([])
          socket.socket.terminate()
        } finally {
          await server.close()
        }
      }),
      { numRuns: 60 },
    )
  })
})
