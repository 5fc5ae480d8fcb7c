import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const LOOK_EVERY_MS = 20

/**
 * Somebody else's server, in a folder of its own with these files, until closed. It is ready when its log says so or, without `ready`, when it
 * listens on `port`.
 */
export async function startForeignServer(
  files: Record<string, string>,
  how: (folder: string) => { command: string; args: string[]; end?: NodeJS.Signals } & ({ ready: RegExp } | { port: number }),
) {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-server-'))
  // Started by root, nginx lets somebody else do the work.
  chmodSync(folder, 0o755)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const { command, args, ...wanted } = how(folder)
  const child = spawn(command, args, {
    cwd: folder,
    // Debian keeps servers in /usr/sbin, where not every user looks.
    env: { PATH: `${process.env.PATH}:/usr/sbin`, HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => reject(new Error(`${command} ended with ${code}:\n${said}`)))
    child.stderr.on('data', (chunk) => {
      said += chunk
      if ('ready' in wanted && wanted.ready.test(said)) resolve()
    })
    if ('port' in wanted) listening(wanted.port, child).then(resolve, reject)
  })
  return {
    folder,
    /** What it wrote to its log. */
    log: () => said,
    async close(): Promise<void> {
      child.kill(wanted.end ?? 'SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Resolves when somebody listens there. A program that tells nobody can only be asked. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' })
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
  while (child.exitCode === null && !(await answers())) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
}
