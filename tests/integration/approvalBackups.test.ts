import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { care } from '../../server/app/care.ts'
import { ask, DELETE, decision, withWindow } from '../support/approvals.ts'
import { startRelay } from '../support/relay.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

it.each(['restore', 'salvage'] as const)(
  'relay:APV4 relay:CLI2 an approval is good for once also over a %s, and the list is kept',
  async (way) => {
    const folder = mkdtempSync(join(tmpdir(), 'chaos-approvals-'))
    undo.push(() => rmSync(folder, { recursive: true, force: true }))
    const dataDir = join(folder, 'data')
    const relay = await startRelay({ dataDir })
    undo.push(relay.close)
    const { client, window } = await withWindow(await relay.client())
    const [allowed, pending, refused] = [await ask(client), await ask(client), await ask(client)]
    window.send(decision(allowed, 'allow'))
    window.send(decision(refused, 'deny', { reason: 'no' }))
    for (let n = 0; n < 2; n++) await window.nextOf('approval_update')
    const file = join(folder, 'backup.db')
    care.backup(dataDir, file)
    expect((await client.post(`/approvals/${allowed}/use`, DELETE)).status).toBe(200)
    await relay.close()
    if (way === 'restore') care.restore(dataDir, file)
    else care.salvage(dataDir)
    const again = await startRelay({ dataDir })
    undo.push(again.close)
    const state = async (id: string) => (await again.relay.store.approvals.byId(client.userId, id))?.state
    expect(await state(allowed)).toBe(way === 'restore' ? 'denied' : 'used')
    expect(await state(pending)).toBe('denied')
    expect(await again.relay.store.approvals.byId(client.userId, refused)).toMatchObject({ state: 'denied', reason: 'no' })
    expect(await again.relay.store.approvals.pending()).toEqual([])
  },
)
