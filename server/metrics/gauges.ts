import { performance } from 'node:perf_hooks'
import { VERSION } from '../version.ts'
import type { Named } from './tally.ts'

/** Something looked at when it is asked for. `counts`: it only ever grows. */
export type Gauge = Named & { counts?: true; samples: { labels?: Record<string, string>; value: number }[] }

/** One without labels. */
export const single = (name: string, help: string, value: number): Gauge => ({ name, help, samples: [{ value }] })

/** One label, from how many there are of each kind. */
export const perKind = (name: string, help: string, label: string, kinds: Record<string, number>): Gauge => ({
  name,
  help,
  samples: Object.entries(kinds).map(([kind, value]) => ({ labels: { [label]: kind }, value })),
})

const grows = (gauge: Gauge): Gauge => ({ ...gauge, counts: true })

/** The process itself, under the names that every Prometheus dashboard knows. */
export function processGauges(): Gauge[] {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, external } = process.memoryUsage()
  const { active, idle } = performance.eventLoopUtilization()
  return [
    {
      name: 'chaos_relay_info',
      help: 'Always 1; the version is in the label.',
      samples: [{ labels: { version: VERSION, node: process.versions.node }, value: 1 }],
    },
    grows(single('process_cpu_user_seconds_total', 'CPU time in user code.', user / 1e6)),
    grows(single('process_cpu_system_seconds_total', 'CPU time in the system.', system / 1e6)),
    single('process_resident_memory_bytes', 'Memory held by the process.', rss),
    single('process_start_time_seconds', 'When the process began, in Unix seconds.', performance.timeOrigin / 1000),
    single('nodejs_heap_size_used_bytes', 'JavaScript heap in use.', heapUsed),
    single('nodejs_external_memory_bytes', 'Buffers outside of the heap.', external),
    grows(single('nodejs_eventloop_active_seconds_total', 'Time the event loop was busy.', active / 1000)),
    grows(single('nodejs_eventloop_idle_seconds_total', 'Time the event loop waited.', idle / 1000)),
  ]
}
