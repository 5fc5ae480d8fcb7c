import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'

const CHILD = fileURLToPath(new URL('../support/storeChild.ts', import.meta.url))

let directory: string
let path: string
const children: ChildProcess[] = []
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'chaos-lock-')), 'data')
  path = join(directory, 'relay.db')
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(join(directory, '..'), { recursive: true, force: true })
})

/** A process that tries to open the store; its first line, and its end. */
function openElsewhere() {
  const child = spawn(process.execPath, [CHILD, 'hold', path], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const line = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return { child, line, ended }
}

describe('the data directory', () => {
  it('relay:STO1 is made for its owner alone, with every file in it, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      const store = await openSqliteStore({ path })
      await store.meta.set('k', 'v')
      expect(statSync(directory).mode & 0o777).toBe(0o700)
      const modes = readdirSync(directory).map((name) => `${name} ${(statSync(join(directory, name)).mode & 0o777).toString(8)}`)
      expect(modes.sort()).toEqual(['relay.db 600', 'relay.db-shm 600', 'relay.db-wal 600', 'relay.lock 600'])
      await store.close()
    } finally {
      process.umask(before)
    }
  })

  it('relay:STO1 belongs to one relay at a time, in this process and any other; its death frees it', async () => {
    const sentence = /^Another relay is already running on .*\. Stop it, or .* --data-dir\.$/
    const store = await openSqliteStore({ path })
    await expect(openSqliteStore({ path })).rejects.toMatchObject({ name: 'StoreOpenFailure', reason: 'in_use', message: sentence })
    expect(await openElsewhere().line).toMatch(/^StoreOpenFailure: Another relay is already running/)
    await store.meta.set('still', 'works')
    await store.close()
    const other = openElsewhere()
    expect(await other.line).toBe('open')
    await expect(openSqliteStore({ path })).rejects.toMatchObject({ reason: 'in_use' })
    other.child.kill('SIGKILL')
    await other.ended
    const again = await openSqliteStore({ path })
    expect(await again.meta.get('still')).toBe('works')
    await again.close()
  })

  it('relay:STO1 relay:CLI2 stays readable beside the running relay, with what it has just committed', async () => {
    const store = await openSqliteStore({ path })
    await store.meta.set('k', 'v')
    const reader = new DatabaseSync(path, { readOnly: true })
    expect(reader.prepare("SELECT value FROM meta WHERE key = 'k'").get()).toEqual({ value: 'v' })
    await store.meta.set('k', 'w')
    expect(reader.prepare("SELECT value FROM meta WHERE key = 'k'").get()).toEqual({ value: 'w' })
    reader.close()
    await store.close()
  })

  it('relay:STO1 a directory that cannot be one is refused with a sentence', async () => {
    const file = join(directory, '..', 'file')
    writeFileSync(file, '')
    await expect(openSqliteStore({ path: join(file, 'relay.db') })).rejects.toMatchObject({
      reason: 'unusable',
      message: /^The data directory .*file cannot be created or is not yours/,
    })
  })

  it('relay:STO1 a start that was cut short while the file was made is made up for by the next', async () => {
    const store = await openSqliteStore({ path })
    await store.close()
    rmSync(path)
    for (const suffix of ['', '-wal', '-shm']) writeFileSync(`${path}.new${suffix}`, 'half')
    const again = await openSqliteStore({ path })
    expect(await again.sessions.list()).toEqual([])
    await again.close()
  })
})
