import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../server/store/port.ts'
import { backupStore, restoreStore } from '../../server/store/sqlite/backup.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { salvageStore } from '../../server/store/sqlite/salvage.ts'
import { addSession, appendStored, enqueueStored, newChannel, newMessage, newReply, T0 } from '../contracts/store/engine.ts'

const CHILD = fileURLToPath(new URL('../support/storeChild.ts', import.meta.url))

let directory: string
let path: string
let file: string
let epochs = 0
const newEpoch = () => `renewed ${++epochs}`
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaos-backup-'))
  path = join(directory, 'data', 'relay.db')
  file = join(directory, 'backup.db')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

async function fill(store: Store, messages: number) {
  const user = await addSession(store, { userId: 'user' })
  await addSession(store, { userId: 'other' })
  await store.channels.insert(newChannel(user, { id: 'hook' }))
  const contents = Array.from({ length: messages }, (_, i) => `message ${i} ${'x'.repeat((i * 37) % 700)}`)
  await Promise.all(contents.map((content) => store.inbox.append(newMessage(user, { content, target: 'anna' }))))
  const reply = await enqueueStored(store, newReply(user, { channelId: 'hook' }))
  return { user, contents, reply }
}
const readAll = async (store: Store, user: string) => {
  const messages = []
  for (let after = 0; ; after = messages.at(-1)?.seq ?? 0) {
    const page = await store.inbox.readAfter(user, after, 500)
    if (page.length === 0) return messages
    messages.push(...page)
  }
}

describe('backup and restore', () => {
  it('relay:CLI2 a backup beside a relay under load holds everything answered before it began, consistently', async () => {
    const child = spawn(process.execPath, [CHILD, 'flood', path], { stdio: ['ignore', 'pipe', 'inherit'] })
    const closed = once(child, 'close')
    const answered: string[] = []
    let before = 0
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('stored ')) answered.push(`m${line.slice(7)}`)
      if (answered.length < 2000 || before > 0) continue
      before = answered.length
      backupStore(path, file)
      child.kill('SIGKILL')
    }
    await closed
    expect(statSync(file).mode & 0o777).toBe(0o600)
    restoreStore(file, path, newEpoch)
    const restored = await openSqliteStore({ path })
    const messages = await readAll(restored, 'user')
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, i) => i + 1))
    const ids = new Set(messages.map(({ id }) => id))
    expect(answered.slice(0, before).filter((id) => !ids.has(id))).toEqual([])
    await restored.close()
  })

  it('relay:CLI2 relay:CUR9 relay:SRV3 a restore brings back everything, renews every epoch and keeps what was there', async () => {
    const store = await openSqliteStore({ path })
    const { user, contents, reply } = await fill(store, 50)
    await store.meta.set('server_key', 'sealed key')
    const epoch = (await store.inbox.state(user)).epoch
    backupStore(path, file)
    await appendStored(store, newMessage(user, { content: 'after the backup' }))
    expect(() => restoreStore(file, path, newEpoch)).toThrow(/already running/)
    await store.close()
    restoreStore(file, path, newEpoch)
    const restored = await openSqliteStore({ path })
    expect((await readAll(restored, user)).map(({ content }) => content)).toEqual(contents)
    const sessions = await restored.sessions.list()
    expect(new Set(sessions.map((session) => session.epoch)).size).toBe(2)
    for (const session of sessions) expect(session.epoch).toMatch(/^renewed /)
    expect((await restored.inbox.state(user)).epoch).not.toBe(epoch)
    expect(await restored.replies.byId(user, reply.responseId)).toMatchObject({ state: 'queued' })
    expect(await restored.meta.get('server_key')).toBe('sealed key')
    expect(await restored.channels.load()).toHaveLength(1)
    await restored.close()
    const kept = await openSqliteStore({ path: `${path}.before-restore` }).catch((error: Error) => error)
    if (kept instanceof Error) throw kept
    expect(await readAll(kept, user)).toHaveLength(51)
    await kept.close()
  })

  it('relay:CLI2, DEV1, ADM5 a link that was spent and a cookie that was ended after the backup are not good again', async () => {
    const store = await openSqliteStore({ path })
    const pass = { owner: 'user', issuedAt: T0, expiresAt: T0 + 600_000 }
    await store.passes.add({ ...pass, hash: 'link', kind: 'deviceLink' }, 10)
    await store.passes.add({ ...pass, hash: 'cookie', kind: 'admin' }, 10)
    backupStore(path, file)
    expect((await store.passes.take('deviceLink', 'link', T0))?.outcome).toBe('taken')
    await store.passes.end('admin', 'cookie')
    await store.close()
    restoreStore(file, path, newEpoch)
    const restored = await openSqliteStore({ path })
    expect(await restored.passes.take('deviceLink', 'link', T0)).toBeUndefined()
    expect(await restored.passes.find('admin', 'cookie', T0)).toBeUndefined()
    await restored.close()
  })

  it('relay:CLI2 an older backup is replaced only by a whole one; what is no backup is refused and changes nothing', async () => {
    const store = await openSqliteStore({ path })
    const { user } = await fill(store, 5)
    backupStore(path, file)
    expect(() => backupStore(path, join(directory, 'missing', 'x.db'))).toThrow(/could not be written/)
    expect(() => backupStore(join(directory, 'nothing.db'), file)).toThrow(/There is no store/)
    await store.close()
    const bad = join(directory, 'bad.db')
    writeFileSync(bad, 'hello')
    expect(() => restoreStore(bad, path, newEpoch)).toThrow(/damaged/)
    truncateSync(file, statSync(file).size - 4096)
    expect(() => restoreStore(file, path, newEpoch)).toThrow(/damaged/)
    expect(() => restoreStore(join(directory, 'none'), path, newEpoch)).toThrow(/There is no backup/)
    const again = await openSqliteStore({ path })
    expect(await readAll(again, user)).toHaveLength(5)
    await again.close()
  })
})

describe('salvage', () => {
  it('relay:STO1 makes a store of everything around the damage, with new epochs, and delivers nothing that changed', async () => {
    const store = await openSqliteStore({ path })
    const { user, contents } = await fill(store, 3000)
    await store.close()
    const size = statSync(path).size
    const handle = openSync(path, 'r+')
    for (const part of [0.3, 0.55, 0.8])
      writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, Math.floor((size * part) / 4096) * 4096)
    closeSync(handle)
    await expect(openSqliteStore({ path })).rejects.toMatchObject({ reason: 'damaged' })
    const salvaged = salvageStore(path, newEpoch)
    const again = await openSqliteStore({ path })
    const messages = await readAll(again, user)
    for (const { seq, content } of messages) expect(content).toBe(contents[seq - 1])
    expect(messages.length).toBeGreaterThan(2900)
    expect(messages.length).toBeLessThan(3000)
    expect(salvaged.find(({ table }) => table === 'messages')?.rows).toBe(messages.length)
    expect((await again.inbox.state(user)).epoch).toMatch(/^renewed /)
    const head = (await again.inbox.state(user)).head
    expect(await again.inbox.droppedAbove(user, 0)).toBe(head - messages.length)
    expect((await appendStored(again, newMessage(user))).seq).toBe(head + 1)
    await again.close()
    expect(statSync(`${path}.damaged`).size).toBe(size)
  })

  it('relay:STO1 a store that is whole loses nothing, and one without a readable head says so', async () => {
    const store = await openSqliteStore({ path })
    const { user, contents, reply } = await fill(store, 200)
    await expect(async () => salvageStore(path, newEpoch)).rejects.toMatchObject({ reason: 'in_use' })
    await store.close()
    salvageStore(path, newEpoch)
    const again = await openSqliteStore({ path })
    expect((await readAll(again, user)).map(({ content }) => content)).toEqual(contents)
    expect(await again.replies.byId(user, reply.responseId)).toBeDefined()
    expect(await again.inbox.knowsTarget('hook', 'anna')).toBe(true)
    expect(await again.channels.load()).toHaveLength(1)
    await again.close()
    writeFileSync(path, 'nothing')
    expect(() => salvageStore(path, newEpoch)).toThrow(/Nothing in .* is readable/)
    expect(statSync(path).size).toBe(7)
  })
})
