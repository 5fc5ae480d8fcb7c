import { compileLoad, type Measured, runLoad, type Server, startServer } from './processes.ts'
import { median, type Row } from './table.ts'

const ROUNDS = 5
/** Seconds until both are compiled and what is measured is the server as it runs for the rest of its days; counted alike for both. */
const WARMUP_S = 6
/** A run whose generator used more of its core than this says nothing about the server. */
const GENERATOR_LIMIT = 0.8

type Contender = { name: string; start(): Promise<{ server: Server; post: string; socket: string }> }

const reference: Contender = {
  name: 'reference',
  async start() {
    const server = await startServer('reference.ts', (folder) => [`${folder}/reference.db`])
    return { server, post: '/webhook/bench', socket: '/ws' }
  },
}

/** The relay as shipped. Limits stay on, raised so high that they count every message and refuse none. */
const relay: Contender = {
  name: 'relay',
  async start() {
    const limits = JSON.stringify({ inbound: { limit: 100_000_000, windowSec: 60 } })
    const server = await startServer('../../server/main.ts', (folder) => ['serve', '--port', '0', '--data-dir', folder], {
      CHAOS_RATE_LIMITS: limits,
    })
    const base = `http://127.0.0.1:${server.port}`
    const json = async (path: string, token: string | undefined, body: unknown) => {
      const answer = await fetch(base + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
        body: JSON.stringify(body),
      })
      return (await answer.json()) as { apiKey: string; webhookUrl: string }
    }
    const { apiKey } = await json('/auth/register', undefined, {})
    const { webhookUrl } = await json('/channels', apiKey, { type: 'webhook', name: 'bench' })
    const { pathname, search } = new URL(webhookUrl)
    return { server, post: pathname + search, socket: `/ws?token=${encodeURIComponent(apiKey)}` }
  },
}

async function measure(
  load: string,
  contender: Contender,
  shape: { connections: number; rate: number; seconds: number },
): Promise<Measured> {
  for (let attempt = 1; ; attempt++) {
    const { server, post, socket } = await contender.start()
    try {
      const result = await runLoad(load, server, { post, socket, warmup: WARMUP_S, ...shape })
      if (result.refused > 0) throw new Error(`${contender.name} refused ${result.refused} posts`)
      if (result.generatorCpu <= GENERATOR_LIMIT || attempt === 3) return result
    } finally {
      await server.stop()
    }
  }
}

/** POST webhook → fsync → WebSocket, side by side and interleaved; the order turns round each time. */
export async function benchIngest(): Promise<Row[]> {
  const load = compileLoad()
  try {
    const rows: Row[] = []
    for (const shape of [
      { name: '64 connections, closed loop', connections: 64, rate: 0, seconds: 3 },
      { name: '500 posts/s, open loop', connections: 16, rate: 500, seconds: 4 },
    ]) {
      const results = { reference: [] as Measured[], relay: [] as Measured[] }
      for (let round = 0; round < ROUNDS; round++)
        for (const contender of round % 2 === 0 ? [reference, relay] : [relay, reference])
          results[contender.name as 'reference' | 'relay'].push(await measure(load.path, contender, shape))
      rows.push(...compare(shape.name, results.reference, results.relay))
    }
    return rows
  } finally {
    load.remove()
  }
}

function compare(shape: string, reference: Measured[], relay: Measured[]): Row[] {
  const line = (what: string, of: (run: Measured) => number, unit: string): Row => {
    const [a, b] = [median(reference.map(of)), median(relay.map(of))]
    return { what: `${shape}: ${what}`, unit, reference: a, relay: b, ratio: b / a }
  }
  return [
    line('messages delivered per second', (run) => run.delivered / run.seconds, '/s'),
    line('p50 from post to socket', (run) => run.p50, 'ms'),
    line('p99 from post to socket', (run) => run.p99, 'ms'),
    line('server CPU per message', (run) => run.serverCpuPerMessage, 'µs'),
    line('generator share of its core', (run) => run.generatorCpu, ''),
  ]
}
