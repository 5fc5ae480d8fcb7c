import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { root } from '../../scripts/setup/paths.mjs'

/** Which program a file of examples/ is started with. */
const PROGRAMS: Record<string, string> = { sh: 'sh', mjs: process.execPath, py: 'python3' }

/** A file of examples/ as a process; `line` and `complaint` wait for one it prints, from those not waited for yet. */
export function runExample(file: string, args: string[] = [], env: Record<string, string> = {}) {
  const { PATH = '', HOME = '' } = process.env
  const program = PROGRAMS[file.split('.').pop() ?? ''] ?? ''
  const child: ChildProcess = spawn(program, [join(root, 'examples', file), ...args], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stdout = readLines(child.stdout)
  const stderr = readLines(child.stderr)
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout: stdout.text(), stderr: stderr.text() }))
  })
  return {
    ended,
    line: stdout.next,
    complaint: stderr.next,
    kill(signal: NodeJS.Signals) {
      child.kill(signal)
      return ended
    },
  }
}

function readLines(stream: Readable | null) {
  const unread: string[] = []
  const all: string[] = []
  let over = false
  let wake = () => {}
  const lines = createInterface({ input: stream ?? process.stdin })
  lines.on('line', (line) => {
    all.push(`${line}\n`)
    unread.push(line)
    wake()
  })
  lines.on('close', () => {
    over = true
    wake()
  })
  return {
    text: () => all.join(''),
    async next(wanted: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const line = unread.shift()
        const found = line === undefined ? null : wanted.exec(line)
        if (found) return found
        if (line !== undefined) continue
        if (over) throw new Error(`no line like ${wanted} in:\n${all.join('')}`)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
