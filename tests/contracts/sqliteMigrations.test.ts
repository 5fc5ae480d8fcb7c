import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MIGRATIONS } from '../../server/store/sqlite/migrations.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaos-migrations-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const schema = (path: string) => {
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database.prepare(`SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name`).all()
  const version = database.prepare('PRAGMA user_version').get()
  database.close()
  return { rows, version }
}

describe('sqlite: migrations', () => {
  it('relay:STO1 a store of every older version is brought up to date with what is in it', async () => {
    const fresh = join(directory, 'fresh.db')
    await (await openSqliteStore({ path: fresh })).close()
    expect(schema(fresh).version).toEqual({ user_version: MIGRATIONS.length })
    for (let version = 1; version < MIGRATIONS.length; version++) {
      const path = join(directory, `v${version}.db`)
      const old = new DatabaseSync(path)
      for (const sql of MIGRATIONS.slice(0, version)) old.exec(sql)
      old.exec(`PRAGMA user_version = ${version}; INSERT INTO meta (key, value) VALUES ('k', 'kept')`)
      old.exec(`INSERT INTO sessions (user_id, signed_before, epoch, created_at) VALUES ('anna', 0, 'e', 1)`)
      old.close()
      const store = await openSqliteStore({ path })
      expect(await store.meta.get('k')).toBe('kept')
      expect(await store.sessions.byUserId('anna')).toMatchObject({ epoch: 'e' })
      await store.close()
      expect(schema(path)).toEqual(schema(fresh))
    }
  })

  it('relay:STO1 one that fails leaves the store as it was', async () => {
    const path = join(directory, 'half.db')
    const old = new DatabaseSync(path)
    const version = MIGRATIONS.findIndex((sql) => sql.includes('CREATE TABLE approvals '))
    for (const sql of MIGRATIONS.slice(0, version)) old.exec(sql)
    // In the way of what the next version makes after its table.
    old.exec(`PRAGMA user_version = ${version}; CREATE TABLE approvals_by_session (x)`)
    old.close()
    const before = schema(path)
    await expect(openSqliteStore({ path })).rejects.toMatchObject({ name: 'StoreOpenFailure' })
    expect(schema(path)).toEqual(before)
  })
})
