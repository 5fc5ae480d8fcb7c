import { gzippedSizes } from '../support/bundles.ts'
import type { Row } from './table.ts'

/** Bundle sizes beside their budgets. */
export async function benchSizes(): Promise<Row[]> {
  return gzippedSizes().map(({ name, bytes }) => ({ what: `${name}, gzipped`, unit: 'KB', relay: bytes / 1024 }))
}
