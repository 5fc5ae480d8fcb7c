import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const CHILD = fileURLToPath(new URL('../support/storeChild.ts', import.meta.url))
const STRACE = '/usr/bin/strace'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaos-fsync-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('what the kernel sees', () => {
  it('relay:DUR1 a message is written and synced to the disk before its append is answered', async () => {
    if (!existsSync(STRACE)) throw new Error('strace is needed to watch system calls. Install it: apt-get install -y strace')
    const trace = join(directory, 'trace')
    const syscalls = 'trace=fsync,fdatasync,write,pwrite64'
    const node = [process.execPath, CHILD, 'append', join(directory, 'data', 'relay.db'), '50']
    const { stdout } = await run(STRACE, ['-f', '-y', '-e', syscalls, '-s', '40', '-o', trace, ...node])
    expect(stdout.match(/^stored \d+$/gm)).toHaveLength(50)

    let logged = false
    let synced = false
    let answers = 0
    for (const line of readFileSync(trace, 'utf8').split('\n')) {
      if (/pwrite64\(\d+<[^>]*relay\.db-wal>/.test(line)) [logged, synced] = [true, false]
      else if (/f(data)?sync\(\d+<[^>]*relay\.db-wal>\)\s+= 0/.test(line)) synced = true
      else if (/write\(1<[^>]*>, "stored /.test(line)) {
        expect({ answer: answers + 1, logged, synced }).toEqual({ answer: answers + 1, logged: true, synced: true })
        answers++
        logged = false
        synced = false
      }
    }
    expect(answers).toBe(50)
  })

  it('relay:DUR1 relay:ERR2 when the disk is full nothing is answered as stored, and everything answered before is there', async () => {
    const path = join(directory, 'data', 'relay.db')
    const limited = `ulimit -f 600; exec "${process.execPath}" "${CHILD}" append "${path}" 2000`
    const { stdout } = await run('bash', ['-c', limited])
    const lines = stdout.trim().split('\n').slice(1)
    const stored = lines.filter((line) => line.startsWith('stored'))
    expect(lines).toHaveLength(2000)
    expect(stored.length).toBeGreaterThan(10)
    expect(lines.at(-1)).toBe('refused storage_unavailable')
    expect(new Set(lines.filter((line) => !line.startsWith('stored')))).toEqual(new Set(['refused storage_unavailable']))
    const { openSqliteStore } = await import('../../server/store/sqlite/open.ts')
    const store = await openSqliteStore({ path })
    const kept = []
    for (let after = 0; ; ) {
      const page = await store.inbox.readAfter('user', after, 500)
      if (page.length === 0) break
      kept.push(...page)
      after = page.at(-1)?.seq ?? 0
    }
    await store.close()
    expect(kept.map(({ id }) => `stored ${id.slice(1)}`)).toEqual(stored)
    expect(kept.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1))
  })
})
