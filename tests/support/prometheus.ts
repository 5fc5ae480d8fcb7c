/** Samples by `name{label="value"}`, labels as they were written. */
export type Scrape = { types: Map<string, string>; samples: Map<string, number>; value(sample: string): number }

const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? ([-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|Inf|NaN))$/

/** Reads the text format 0.0.4 by its grammar, apart from the library that wrote it. Throws on anything else, on doubles, and on broken histograms. */
export function readScrape(text: string): Scrape {
  const types = new Map<string, string>()
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue
    const type = /^# TYPE (\w+) (counter|gauge|histogram)$/.exec(line)
    if (type?.[1] && type[2]) {
      if (types.has(type[1])) throw new Error(`twice: ${line}`)
      types.set(type[1], type[2])
      continue
    }
    const sample = SAMPLE.exec(line)
    if (!sample) throw new Error(`not Prometheus: ${line}`)
    const name = sample[1] ?? ''
    if (!types.has(name) && !types.has(name.replace(/_(bucket|sum|count)$/, ''))) throw new Error(`no type: ${line}`)
    const key = name + (sample[2] ?? '')
    if (samples.has(key)) throw new Error(`twice: ${line}`)
    samples.set(key, Number(sample[3]))
  }
  for (const [name, type] of types) if (type === 'histogram') checkHistogram(name, samples)
  return { types, samples, value: (sample) => samples.get(sample) ?? 0 }
}

function checkHistogram(name: string, samples: Map<string, number>): void {
  const buckets = [...samples].filter(([key]) => key.startsWith(`${name}_bucket{`)).map(([, value]) => value)
  const rising = buckets.every((value, index) => index === 0 || value >= (buckets[index - 1] ?? 0))
  if (!rising || buckets.at(-1) !== samples.get(`${name}_count`)) throw new Error(`a broken histogram: ${name}`)
}
