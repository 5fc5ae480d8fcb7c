import { defineCommand } from 'citty'
import { readConfig } from '../config.ts'
import { type Found, findDaemon } from '../daemon/find.ts'
import { removeState } from '../daemon/stateFile.ts'
import { exitCodeOf, explain } from './explain.ts'
import { dataDirFlag, overridesOf } from './flags.ts'

/** LSB: the program is not running. */
const EXIT_STOPPED = 3
const START = 'chaos-relay start'

/** 0 while a relay runs, 3 while none does. remote:CLI9, CLI10 */
export const status = defineCommand({
  meta: { name: 'status', description: 'Say whether the relay runs' },
  args: { ...dataDirFlag, json: { type: 'boolean', description: 'For programs' } },
  async run({ args }) {
    try {
      const { dataDir } = readConfig(process.env, overridesOf(args))
      const found = await findDaemon(dataDir)
      if (found.state === 'stale') removeState(dataDir)
      process.stdout.write(args.json ? `${JSON.stringify(asJson(found))}\n` : lines(found, dataDir))
      process.exitCode = isRunning(found) ? 0 : EXIT_STOPPED
    } catch (error) {
      process.stderr.write(`${explain(error).join('\n')}\n`)
      process.exitCode = exitCodeOf(error)
    }
  },
})

const isRunning = ({ state }: Found) => state === 'running' || state === 'other'
const follow = (logPath: string) => `tail -f ${logPath}`

function asJson(found: Found) {
  if (found.state !== 'running')
    return { running: isRunning(found), daemon: null, suggestedCommand: isRunning(found) ? null : START, logsFollowCommand: null }
  const { pid, port, logPath, startedAt } = found.daemon
  return {
    running: true,
    daemon: { pid, port, logPath, startedAt },
    suggestedCommand: 'chaos-relay stop',
    logsFollowCommand: follow(logPath),
  }
}

function lines(found: Found, dataDir: string): string {
  return textOf(found, dataDir)
    .map((line) => `[chaos-relay] ${line}\n`)
    .join('')
}

function textOf(found: Found, dataDir: string): string[] {
  switch (found.state) {
    case 'running': {
      const { pid, port, logPath, startedAt } = found.daemon
      return [
        `relay daemon running (pid ${pid})`,
        `port: ${port}`,
        `logs: ${logPath}`,
        `started: ${startedAt}`,
        `follow logs: ${follow(logPath)}`,
      ]
    }
    case 'other':
      return [`a relay runs on ${dataDir}, but it was not started with "start", or it does not answer`]
    case 'stale':
      return [`relay daemon is not running (pid ${found.pid} is gone)`, `start it with: ${START}`]
    case 'none':
      return ['relay daemon is not running', `start it with: ${START}`]
  }
}
