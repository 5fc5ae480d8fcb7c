import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { copyRepository } from './repositoryCopy.ts'

type Ended = { code: number | null; stdout: string; stderr: string }

/** A command and what it said. Nothing of this test run's environment but PATH gets in. */
function run(command: string, args: string[], cwd: string, env: Record<string, string> = {}) {
  const { PATH = '', HOME = '' } = process.env
  const child: ChildProcess = spawn(command, args, {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, because npx starts a shell that starts a node.
    detached: true,
  })
  let stdout = ''
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  lines.on('line', (line) => {
    stdout += `${line}\n`
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { child, lines, ended }
}

/** What `npm pack` makes of a copy of this folder, put into an empty one. Each test file packs once. */
export async function packPackage() {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-package-'))
  const home = join(folder, 'home')
  mkdirSync(home)
  const copy = copyRepository()
  const packing = run('npm', ['pack', '--pack-destination', folder, '--loglevel=error'], copy.folder, { NODE_ENV: 'production' })
  const packed = await packing.ended.finally(copy.remove)
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  if (packed.code !== 0 || name === undefined) throw new Error(`npm pack failed:\n${packed.stdout}${packed.stderr}`)
  const running: ChildProcess[] = []

  return {
    folder,
    tarball: join(folder, name),
    /** `npx ./chaos-relay-x.tgz …` in a new folder, by a user who never ran npm before, on a machine without a network. */
    npx(args: string[], env: Record<string, string> = {}) {
      const clean = mkdtempSync(join(folder, 'clean-'))
      copyFileSync(join(folder, name), join(clean, name))
      const started = run('npx', ['--yes', `./${name}`, ...args], clean, { HOME: home, npm_config_offline: 'true', ...env })
      running.push(started.child)
      const listening = new Promise<string>((resolve, reject) => {
        started.lines.on('line', (line) => {
          const found = /^listening on (http:\S+)$/.exec(line)
          if (found?.[1]) resolve(found[1])
        })
        started.ended.then(({ code, stderr }) => reject(new Error(`ended with ${code} before it listened: ${stderr}`)), reject)
      })
      listening.catch(() => {})
      return { ...started, clean, listening, stop: () => stop(started.child) }
    },
    /** Ends what still runs and removes everything. */
    async close(): Promise<void> {
      await Promise.all(running.map(stop))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Ends a whole group, and resolves when its first process is gone. */
function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve()
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  process.kill(-child.pid, 'SIGTERM')
  return gone
}
