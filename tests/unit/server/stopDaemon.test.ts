import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { stopDaemon } from '../../../server/daemon/stop.ts'
import { isDataDirLocked } from '../../../server/store/lock.ts'

const CHILD = fileURLToPath(new URL('../../support/stubbornChild.ts', import.meta.url))

it('remote:CLI17 a relay that hangs is asked first and killed then, and its state file goes', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'chaos-stop-'))
  writeFileSync(join(dataDir, 'relay-daemon.json'), '{}')
  const child = spawn(process.execPath, [CHILD, dataDir], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const ended = once(child, 'exit')
  await once(output, 'line')
  expect(isDataDirLocked(dataDir)).toBe(true)
  expect(await stopDaemon(dataDir, { pid: child.pid ?? 0 }, 200)).toBe('killed')
  expect(await ended).toEqual([null, 'SIGKILL'])
  expect(lines).toEqual(['locked', 'asked'])
  expect([isDataDirLocked(dataDir), existsSync(join(dataDir, 'relay-daemon.json'))]).toEqual([false, false])
  // Nobody is there any more: that is what was wanted.
  expect(await stopDaemon(dataDir, { pid: child.pid ?? 0 }, 200)).toBe('stopped')
  rmSync(dataDir, { recursive: true, force: true })
})
