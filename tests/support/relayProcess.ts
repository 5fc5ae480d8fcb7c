import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { watchSecrets } from './secretWatch.ts'

const COMMAND = fileURLToPath(new URL('../../bin/chaos-relay.mjs', import.meta.url))

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }

/** A chaos-relay command as a process of its own, begun by `wrapper`. `listening` rejects when it ends before it listens. */
export function spawnRelay(args: string[], env: Record<string, string> = {}, command = COMMAND, wrapper: string[] = []) {
  const { PATH = '', HOME = '', TMPDIR, NODE_COMPILE_CACHE } = process.env
  const [program = process.execPath, ...first] = [...wrapper, process.execPath, command, ...args]
  const child: ChildProcess = spawn(program, first, {
    env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = new Promise<Ended>((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })))
  const listening = new Promise<string>((resolve, reject) => {
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        stdout += `${line}\n`
        const found = /^listening on (http:\S+)$/.exec(line)
        if (found?.[1]) resolve(found[1])
      })
    }
    child.on('close', (code) => reject(new Error(`chaos-relay ended with ${code} before it listened: ${stderr}`)))
  })
  listening.catch(() => {})
  return { child, listening, ended, output: () => ({ stdout, stderr }) }
}

export type RelayProcess = Awaited<ReturnType<typeof startRelayProcess>>

/** The relay as a process that can be killed and started again on the same port and data. */
export async function startRelayProcess(
  options: { env?: Record<string, string>; dataDir?: string; args?: string[]; command?: string } = {},
) {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'chaos-relay-'))
  let port = 0
  const start = async () => {
    const process = spawnRelay(
      ['serve', '--port', String(port), '--data-dir', dataDir, ...(options.args ?? [])],
      options.env,
      options.command,
    )
    const url = await process.listening
    port = Number(new URL(url).port)
    return { ...process, url }
  }
  let running = await start()
  const secrets = watchSecrets(running.url, options.env)
  let written = ''

  async function kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Ended> {
    running.child.kill(signal)
    const ended = await running.ended
    written += ended.stderr + ended.stdout
    return ended
  }

  return {
    url: running.url,
    port,
    dataDir,
    pid: () => running.child.pid,
    output: () => running.output(),
    kill,
    /** Starts again; kill or stop it first. */
    async start(): Promise<void> {
      running = await start()
    },
    async restart(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
      await kill(signal)
      running = await start()
    },
    /** Ends it and removes the data it was given. */
    async close(): Promise<void> {
      if (running.child.exitCode === null && running.child.signalCode === null) await kill('SIGTERM')
      try {
        secrets.ended(written, dataDir)
      } finally {
        if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
      }
    },
  }
}
