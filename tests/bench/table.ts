import { cpus, release, type } from 'node:os'

export type Row = { what: string; unit: string; reference?: number; relay: number; ratio?: number; wanted?: string }

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

const figure = (value: number | undefined, unit: string) =>
  value === undefined
    ? ''
    : `${value >= 1000 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3))}${unit && ` ${unit}`}`

/** A Markdown table with the machine and versions above it. */
export function table(rows: Row[]): string {
  const machine = `${type()} ${release()}, ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, SQLite ${process.versions.sqlite}`
  const lines = rows.map(
    (row) => `| ${row.what} | ${figure(row.reference, row.unit)} | ${figure(row.relay, row.unit)} | ${figure(row.ratio, '')} |`,
  )
  return [machine, '', '| | reference | relay | ratio |', '|---|--:|--:|--:|', ...lines].join('\n')
}
