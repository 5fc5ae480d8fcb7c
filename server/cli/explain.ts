import { ConfigError } from '../config.ts'
import { StoreOpenFailure } from '../store/openFailure.ts'

/** relay:ENV1 */
const EXIT_CONFIG = 2
/** relay:STO1, STO3 */
const EXIT_FAILED = 1

export const exitCodeOf = (error: unknown): number => (error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILED)

/** What the operator can act on, one line per problem: expected failures as their sentence, others with their stack. */
export function explain(error: unknown): string[] {
  if (error instanceof ConfigError) return [...error.problems]
  if (error instanceof StoreOpenFailure) return [error.message]
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return ['the port is in use. Stop the other program or choose another port with --port.']
  if (code === 'EACCES') return ['this port needs more rights. Choose one above 1023 with --port.']
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return ['--host is not an address of this machine.']
  return [String(error instanceof Error ? error.stack : error)]
}
