import { type Measured, runLoad, type Server } from './processes.ts'
import { median, type Row } from './table.ts'

const ROUNDS = 5
/** Seconds until both are compiled and what is measured is the server as it runs for the rest of its days; counted alike for both. */
export const WARMUP_S = 6
/** A run whose generator used more of its core than this says nothing about the server. */
const GENERATOR_LIMIT = 0.8

/** A fresh server and what its generator is told. */
export type Contender = () => Promise<{ server: Server; args: (string | number)[] }>
type Words = { shape: string; counted: string; latency: string }

/** Both side by side and interleaved; the order turns round each time. */
export async function contest(load: string, contenders: Record<'reference' | 'relay', Contender>, words: Words): Promise<Row[]> {
  const runs = { reference: [] as Measured[], relay: [] as Measured[] }
  for (let round = 0; round < ROUNDS; round++)
    for (const name of round % 2 === 0 ? (['reference', 'relay'] as const) : (['relay', 'reference'] as const))
      runs[name].push(await measure(load, name, contenders[name]))
  return compare(words, runs)
}

async function measure(load: string, name: string, start: Contender): Promise<Measured> {
  for (let attempt = 1; ; attempt++) {
    const { server, args } = await start()
    try {
      const result = await runLoad(load, server, args)
      if (result.refused > 0) throw new Error(`The ${name} refused ${result.refused}.`)
      if (result.generatorCpu <= GENERATOR_LIMIT || attempt === 3) return result
    } finally {
      await server.stop()
    }
  }
}

function compare({ shape, counted, latency }: Words, { reference, relay }: Record<'reference' | 'relay', Measured[]>): Row[] {
  const line = (what: string, of: (run: Measured) => number, unit: string): Row => {
    const [a, b] = [median(reference.map(of)), median(relay.map(of))]
    return { what: `${shape}: ${what}`, unit, reference: a, relay: b, ratio: b / a }
  }
  return [
    line(`${counted} per second`, (run) => run.delivered / run.seconds, '/s'),
    line(`p50 ${latency}`, (run) => run.p50, 'ms'),
    line(`p99 ${latency}`, (run) => run.p99, 'ms'),
    line('server CPU per message', (run) => run.serverCpuPerMessage, 'µs'),
    line('generator share of its core', (run) => run.generatorCpu, ''),
  ]
}
