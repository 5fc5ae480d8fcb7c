import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import type { OpenedStore } from './store/engine.ts'
import { storeSuite } from './storeSuite.ts'

storeSuite({
  name: 'sqlite file',
  durable: true,
  async open() {
    const directory = mkdtempSync(join(tmpdir(), 'chaos-store-'))
    const path = join(directory, 'relay.db')
    const opened: OpenedStore = {
      store: await openSqliteStore({ path }),
      async restart() {
        await opened.store.close()
        return openSqliteStore({ path })
      },
      async close() {
        await opened.store.close()
        rmSync(directory, { recursive: true, force: true })
      },
    }
    return opened
  },
})

storeSuite({
  name: 'sqlite in memory',
  durable: false,
  async open() {
    const store = await openSqliteStore({ path: ':memory:' })
    return { store, close: () => store.close() }
  },
})
