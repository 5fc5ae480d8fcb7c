import { createLog } from '../../server/log.ts'

// biome-ignore lint/suspicious/noExplicitAny: log lines are looked into freely
type Line = any

/** The relay's log, every level, kept as text for tests that look for what must or must not be in it. */
export function createLogLines(level: 'trace' | 'info' = 'trace') {
  const lines: string[] = []
  return {
    log: createLog({ level, format: 'json', to: { write: (line: string) => void lines.push(line) } }),
    text: () => lines.join(''),
    parsed: (): Line[] => lines.map((line) => JSON.parse(line)),
  }
}
