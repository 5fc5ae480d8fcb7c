import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The server gets one core and the generator the other, so that neither slows the other down. */
const SERVER_CORE = '0'
const GENERATOR_CORE = '1'
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

export type Server = { port: number; pid: number; folder: string; stop(): Promise<void> }

/** Starts a server script pinned to its core and waits for its "listening on". The folder is fresh and removed on stop. */
export async function startServer(
  script: string,
  args: (folder: string) => string[],
  env: Record<string, string> = {},
): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-bench-'))
  const child = spawn('taskset', ['-c', SERVER_CORE, process.execPath, here(script), ...args(folder)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.on('exit', () => reject(new Error(`${script} ended before it listened`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^listening on http:\/\/[^:]+:(\d+)$/.exec(line)
      if (found) resolve(Number(found[1]))
    })
  })
  return {
    port,
    pid: child.pid ?? 0,
    folder,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Load = {
  accepted: number
  refused: number
  delivered: number
  skipped: number
  seconds: number
  p50: number
  p99: number
  generatorCpu: number
}
export type Measured = Load & { serverCpuPerMessage: number }

/** A generator, compiled: `load.c`, `replies.c`. */
export function compileLoad(source: string): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-load-'))
  const path = join(folder, 'load')
  execFileSync('cc', ['-O2', '-o', path, here(source)])
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** One run of a generator against a server; server CPU (microseconds per message) is taken over the measured seconds alone. */
export async function runLoad(load: string, server: Server, args: (string | number)[]): Promise<Measured> {
  const child = spawn('taskset', ['-c', GENERATOR_CORE, load, String(server.port), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let before = 0
  let used = 0
  let result: Load | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line)
    if (told.measuring) before = cpuSeconds(server.pid)
    else if (told.measured) used = cpuSeconds(server.pid) - before
    else result = told
  }
  if (!result) throw new Error('The load generator ended without a result.')
  return { ...result, serverCpuPerMessage: (used * 1e6) / Math.max(1, result.delivered) }
}

/** Of all threads, at the kernel's 10 ms resolution. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Private memory of a process in bytes: what its sockets really cost it. */
export function memoryOf(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].reduce((sum, [, kb]) => sum + Number(kb) * 1024, 0)
}
