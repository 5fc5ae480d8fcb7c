import type { Counts } from './counts.ts'
import type { Distribution } from './distribution.ts'
import type { Gauge } from './gauges.ts'
import type { Named } from './tally.ts'

/** Of Prometheus' text format, version 0.0.4. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

type Labels = Readonly<Record<string, string | number>>

/** The text of everything counted so far and of `gauges` as they are now. relay:MET1 */
export function expose({ tallies, distributions }: Pick<Counts, 'tallies' | 'distributions'>, gauges: readonly Gauge[]): string {
  return [
    ...Object.values(tallies).map((tally) =>
      family(
        tally,
        'counter',
        tally.samples().map((sample) => line(tally.name, sample)),
      ),
    ),
    ...Object.values(distributions).map(histogram),
    ...gauges.map((gauge) =>
      family(
        gauge,
        gauge.counts ? 'counter' : 'gauge',
        gauge.samples.map((sample) => line(gauge.name, sample)),
      ),
    ),
  ].join('')
}

function histogram(distribution: Distribution): string {
  const { name, bounds } = distribution
  const { upTo, count, sum } = distribution.read()
  return family(distribution, 'histogram', [
    ...bounds.map((le, index) => line(`${name}_bucket`, { labels: { le }, value: upTo[index] ?? 0 })),
    line(`${name}_bucket`, { labels: { le: '+Inf' }, value: count }),
    line(`${name}_sum`, { value: sum }),
    line(`${name}_count`, { value: count }),
  ])
}

function family({ name, help }: Named, type: 'counter' | 'gauge' | 'histogram', lines: string[]): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function line(name: string, { labels = {}, value }: { labels?: Labels; value: number }): string {
  const pairs = Object.entries(labels).map(([label, said]) => `${label}="${escaped(String(said))}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
}

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
