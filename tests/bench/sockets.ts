import WebSocket from 'ws'
import { memoryOf, startServer } from './processes.ts'
import type { Row } from './table.ts'

const SOCKETS = 5_000
const BATCH = 100

/** Memory of 5,000 idle v2 sockets, each opened with its own ticket and resumed, as the extension does. relay:WS4, WS7 */
export async function benchSockets(): Promise<Row[]> {
  const unlimited = JSON.stringify({ wsTicket: { limit: 0, windowSec: 60 }, register: { limit: 0, windowSec: 60 } })
  const server = await startServer('../../server/main.ts', (folder) => ['serve', '--port', '0', '--data-dir', folder], {
    CHAOS_RATE_LIMITS: unlimited,
    WS_MAX_CONN_PER_USER: String(SOCKETS),
  })
  const base = `http://127.0.0.1:${server.port}`
  const sockets: WebSocket[] = []
  try {
    const { apiKey } = await post(`${base}/auth/register`)
    await openMany(base, apiKey, sockets, BATCH)
    const before = memoryOf(server.pid)
    while (sockets.length < SOCKETS + BATCH) await openMany(base, apiKey, sockets, BATCH)
    const each = (memoryOf(server.pid) - before) / SOCKETS / 1024
    return [{ what: `${SOCKETS.toLocaleString('en')} idle v2 sockets: private memory each`, unit: 'KB', relay: each }]
  } finally {
    for (const socket of sockets) socket.terminate()
    await server.stop()
  }
}

async function openMany(base: string, apiKey: string, sockets: WebSocket[], count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async () => {
      const { ticket } = await post(`${base}/ws/ticket`, apiKey)
      const socket = new WebSocket(`${base.replace('http', 'ws')}/ws`, ['chaos.v2', `ticket.${ticket}`], {
        perMessageDeflate: false,
      })
      sockets.push(socket)
      await new Promise<void>((resolve, reject) => {
        socket.on('error', reject)
        socket.on('message', (data) => {
          const frame = JSON.parse(data.toString())
          if (frame.type === 'hello') socket.send(JSON.stringify({ type: 'resume', cursor: 0, epoch: null }))
          if (frame.type === 'resumed') resolve()
        })
      })
    }),
  )
}

async function post(url: string, token?: string): Promise<{ apiKey: string; ticket: string }> {
  const answer = await fetch(url, { method: 'POST', headers: token ? { Authorization: `Bearer ${token}` } : {} })
  if (!answer.ok) throw new Error(`POST ${new URL(url).pathname}: HTTP ${answer.status}`)
  return (await answer.json()) as { apiKey: string; ticket: string }
}
