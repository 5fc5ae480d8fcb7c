import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../setup/paths.mjs'

export type RelayProcess = { url: string; dataDirectory: string; stop(): void; stopped: Promise<number> }

/** Starts `chaos-relay serve` and resolves once it listens; `undefined` when it ended before that (it has said why). */
export async function startRelayProcess(flags: string[], nodeFlags: string[] = []): Promise<RelayProcess | undefined> {
  const { readConfig } = await import('../../server/config.ts')
  const child = spawn(process.execPath, [...nodeFlags, join(root, 'server/main.ts'), 'serve', ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own: Ctrl-C must reach it once, from us.
    detached: process.platform !== 'win32',
  })
  const stopped = new Promise<number>((resolve) => child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0))))
  const lines = createInterface({ input: child.stdout })
  const url = await new Promise<string | undefined>((resolve) => {
    lines.on('line', (line) => {
      const listening = /^listening on (http\S+)$/.exec(line)
      if (listening) resolve(listening[1])
      else console.log(line)
    })
    child.on('exit', () => resolve(undefined))
  })
  if (!url) return undefined
  const named = flags[flags.indexOf('--data-dir') + 1]
  return {
    url,
    dataDirectory: flags.includes('--data-dir') && named ? named : readConfig(process.env, {}).dataDir,
    stop: () => {
      child.kill('SIGTERM')
    },
    stopped,
  }
}
