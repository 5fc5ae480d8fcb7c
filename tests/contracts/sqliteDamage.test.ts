import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Damage } from '../../server/store/sqlite/checksum.ts'
import { MIGRATIONS } from '../../server/store/sqlite/migrations.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { addSession, appendStored, enqueueStored, newMessage, newReply, scrubAll, T0 } from './store/engine.ts'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaos-damage-'))
  path = join(directory, 'relay.db')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

async function openReporting() {
  const reported: Damage[] = []
  return { reported, store: await openSqliteStore({ path, onDamage: (damage) => reported.push(damage) }) }
}

/** Changes rows behind the relay's back, as a bad disk does: the checksum stays as it was. */
function flip(sql: string): void {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}

describe('sqlite: rows that changed on the disk', () => {
  it('relay:STO1 relay:CUR8 a damaged message is left out of every read, reported once, and counts as dropped', async () => {
    const { store, reported } = await openReporting()
    const user = await addSession(store)
    const stored = []
    for (let i = 1; i <= 6; i++) stored.push(await appendStored(store, newMessage(user, { target: 'anna', now: T0 + i * 10 })))
    const [, second, third, , , last] = stored
    flip(`UPDATE messages SET content = 'hellp' WHERE id = '${second?.id}'`)
    flip(`UPDATE messages SET at = at + 1 WHERE id = '${third?.id}'`)
    flip(`UPDATE messages SET target = 'bert' WHERE id = '${last?.id}'`)
    const seqs = (messages: { seq: number }[]) => messages.map(({ seq }) => seq)
    expect(seqs(await store.inbox.readAfter(user, 0, 10))).toEqual([1, 4, 5])
    expect(seqs(await store.inbox.readAfter(user, 0, 2))).toEqual([1, 4])
    expect(seqs(await store.inbox.readSince(user, T0 + 20, 10))).toEqual([4, 5])
    expect(seqs(await store.inbox.recent(10, user))).toEqual([5, 4, 1])
    expect(await store.inbox.byId(user, second?.id ?? '')).toBeUndefined()
    expect(await store.inbox.origin('hook', { messageId: last?.id ?? '' })).toBeUndefined()
    expect(reported.map(({ table, key }) => `${table} ${key}`)).toEqual(
      [second, third, last].map((message) => `messages ${message?.id}`),
    )
    expect(await store.inbox.droppedAbove(user, 0)).toBe(3)
    expect(await store.inbox.droppedAbove(user, 3)).toBe(1)
    await store.close()
  })

  it('relay:STO1 relay:CUR1 a damaged newest message moves neither seq nor time', async () => {
    const { store } = await openReporting()
    const user = await addSession(store)
    await appendStored(store, newMessage(user, { now: T0 }))
    const last = await appendStored(store, newMessage(user, { now: T0 + 5 }))
    await store.close()
    flip(`UPDATE messages SET at = at + 99999999999 WHERE id = '${last.id}'`)
    const again = await openReporting()
    const next = await appendStored(again.store, newMessage(user, { now: T0 + 10 }))
    expect([next.seq, Date.parse(next.timestamp)]).toEqual([3, T0 + 10])
    await again.store.close()
  })

  it('relay:STO1 the scrub finds damaged messages, replies and files', async () => {
    const { store, reported } = await openReporting()
    const user = await addSession(store)
    const files = [{ id: 'f', filename: 'a', mimeType: 'a/b', kind: 'file' as const, bytes: new Uint8Array([1, 2, 3]) }]
    const messages = []
    for (let i = 0; i < 450; i++) messages.push(await appendStored(store, newMessage(user, i === 7 ? { files } : {})))
    const reply = await enqueueStored(store, newReply(user, { state: 'sent' }))
    expect(await scrubAll(store)).toEqual([])
    flip(`UPDATE messages SET metadata = replace(metadata, 'inbound', 'inbounD') WHERE id = '${messages[400]?.id}'`)
    flip(`UPDATE replies SET content = 'other'`)
    flip(`UPDATE files SET bytes = x'010204'`)
    const expected = [`messages ${messages[400]?.id}`, `replies ${reply.responseId}`, `files ${messages[7]?.id}/f`]
    expect(await scrubAll(store)).toEqual(expected)
    expect(await scrubAll(store)).toEqual(expected)
    expect(reported).toHaveLength(3)
    expect(await store.attachments.read(messages[7]?.id ?? '', 'f')).toMatchObject({ state: 'gone' })
    await store.close()
  })

  it('relay:STO1 relay:REP9 a damaged queued reply is failed, never sent, and holds up nobody behind it', async () => {
    const { store, reported } = await openReporting()
    const user = await addSession(store)
    const broken = await enqueueStored(store, newReply(user, { content: 'pay 10' }))
    await enqueueStored(store, newReply(user, { content: 'next' }))
    flip(`UPDATE replies SET content = 'pay 90' WHERE response_id = '${broken.responseId}'`)
    expect(await store.replies.byId(user, broken.responseId)).toBeUndefined()
    expect((await store.replies.listResponses('chat', { since: 0 }, 10)).replies.map(({ content }) => content)).toEqual(['next'])
    expect((await store.replies.claimDue(T0, 10)).map(({ content }) => content)).toEqual(['next'])
    expect(await store.replies.byId(user, broken.responseId)).toMatchObject({ state: 'failed', content: '', reason: /damaged/ })
    expect(reported).toEqual([{ table: 'replies', key: broken.responseId }])
    await store.close()
  })
})

describe('sqlite: a damaged file', () => {
  async function fill(): Promise<{ user: string; contents: string[] }> {
    const { store } = await openReporting()
    const user = await addSession(store, { userId: 'user' })
    const contents = Array.from({ length: 400 }, (_, i) => `message ${i} ${'x'.repeat((i * 37) % 700)}`)
    await Promise.all(contents.map((content) => store.inbox.append(newMessage(user, { content }))))
    await store.close()
    return { user, contents }
  }

  const damaged = { name: 'StoreOpenFailure', reason: 'damaged', message: /restore <file>.*salvage/ }

  it('relay:STO1 truncation at 100 places is found at start and names the way out', async () => {
    await fill()
    const size = statSync(path).size
    for (let i = 0; i < 100; i++) {
      const copy = join(directory, `cut-${i}`, 'relay.db')
      const cut = Math.floor((size * i) / 100)
      mkdirSync(dirname(copy))
      copyFileSync(path, copy)
      truncateSync(copy, cut)
      await expect(openSqliteStore({ path: copy })).rejects.toMatchObject(damaged)
      expect(statSync(copy).size).toBe(cut)
    }
  })

  it('relay:STO1 of 200 random overwritten places none makes the relay deliver anything but what came in', async () => {
    const { user, contents } = await fill()
    const size = statSync(path).size
    let seed = 42
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed % below
    }
    const outcomes = { refused: 0, reported: 0, untouched: 0 }
    for (let i = 0; i < 200; i++) {
      const place = random(size - 16)
      const home = join(directory, `hit-${i}`)
      const copy = join(home, 'relay.db')
      mkdirSync(home)
      copyFileSync(path, copy)
      const file = openSync(copy, 'r+')
      writeSync(file, Buffer.from(Array.from({ length: 16 }, () => random(256))), 0, 16, place)
      closeSync(file)
      const reported: Damage[] = []
      try {
        const store = await openSqliteStore({ path: copy, onDamage: (damage) => reported.push(damage) })
        const read = await store.inbox.readAfter(user, 0, 1000)
        const scrubbed = await scrubAll(store)
        await store.close()
        for (const message of read) expect(message.content).toBe(contents[message.seq - 1])
        if (read.length < contents.length) expect(scrubbed.length).toBeGreaterThan(0)
        if (scrubbed.length > 0) outcomes.reported++
        else outcomes.untouched++
      } catch (error) {
        expect(error).toMatchObject({ name: 'StoreOpenFailure', reason: /damaged|newer|unusable/ })
        outcomes.refused++
      }
      rmSync(home, { recursive: true })
    }
    expect(outcomes.refused).toBeGreaterThan(10)
    expect(outcomes.reported).toBeGreaterThan(50)
  })

  it('relay:STO1 relay:CUR8 a log damaged at 200 random places is refused, or its end is missing and the head tells so', async () => {
    const { store } = await openReporting()
    const user = await addSession(store, { userId: 'user' })
    const contents = Array.from({ length: 120 }, (_, i) => `message ${i} ${'x'.repeat((i * 37) % 700)}`)
    for (const content of contents) await store.inbox.append(newMessage(user, { content }))
    const wal = readFileSync(`${path}-wal`)
    let seed = 99
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed % below
    }
    const outcomes = { refused: 0, shortened: 0, whole: 0 }
    for (let i = 0; i < 200; i++) {
      const home = join(directory, `log-${i}`)
      const copy = join(home, 'relay.db')
      mkdirSync(home)
      copyFileSync(path, copy)
      const changed = i < 150 ? Buffer.from(wal) : wal.subarray(0, random(wal.length))
      const at = random(wal.length)
      if (i < 150) changed[at] = (changed[at] ?? 0) ^ (1 << random(8))
      writeFileSync(`${copy}-wal`, changed)
      try {
        const opened = await openSqliteStore({ path: copy })
        const session = await opened.sessions.byUserId(user)
        const read = session ? await opened.inbox.readAfter(user, 0, 1000) : []
        const head = session ? (await opened.inbox.state(user)).head : 0
        await opened.close()
        expect(read.map(({ content }) => content)).toEqual(contents.slice(0, head))
        outcomes[head === contents.length ? 'whole' : 'shortened']++
      } catch (error) {
        expect(error).toMatchObject(damaged)
        outcomes.refused++
      }
      rmSync(home, { recursive: true })
    }
    await store.close()
    // Flipped bits are found, except in the transaction at the very end, which a crash may have torn as well.
    expect(outcomes.refused).toBeGreaterThan(135)
    expect(outcomes.shortened).toBeGreaterThan(40)
  })

  it('relay:STO1 an empty file, foreign content and a log without its file are damage, not a fresh start', async () => {
    await fill()
    for (const content of ['', 'hello', 'SQLite format 3\0'.padEnd(4096, '\xff')]) {
      writeFileSync(path, content)
      await expect(openSqliteStore({ path })).rejects.toMatchObject(damaged)
    }
    rmSync(path)
    writeFileSync(`${path}-wal`, 'x')
    await expect(openSqliteStore({ path })).rejects.toMatchObject(damaged)
    expect(existsSync(path)).toBe(false)
  })

  it('relay:STO1 refuses a file of a newer version with a sentence and leaves it alone', async () => {
    await fill()
    flip('PRAGMA user_version = 99')
    await expect(openSqliteStore({ path })).rejects.toMatchObject({
      reason: 'newer',
      message: /newer version of the relay \(schema 99/,
    })
    flip(`PRAGMA user_version = ${MIGRATIONS.length}`)
    const { store } = await openReporting()
    expect((await store.inbox.state('user')).head).toBe(400)
    await store.close()
  })
})
