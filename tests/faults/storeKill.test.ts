import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { ChannelMessage } from '#protocol/message.ts'
import type { Store } from '../../server/store/port.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'

const CHILD = fileURLToPath(new URL('../support/storeChild.ts', import.meta.url))
/** The long form is `npm run faults`. */
const KILLS = process.env.CHAOS_FAULTS === 'long' ? 100 : 30

async function all(store: Store): Promise<ChannelMessage[]> {
  const messages: ChannelMessage[] = []
  for (let after = 0; ; after = messages.at(-1)?.seq ?? 0) {
    const page = await store.inbox.readAfter('user', after, 500)
    if (page.length === 0) return messages
    messages.push(...page)
  }
}

it('relay:DUR1 relay:CUR1 relay:STO1 after kills at random moments everything answered is there once, in order, and the store opens', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'chaos-kill-'))
  const path = join(directory, 'data', 'relay.db')
  const answered = new Set<string>()
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, [CHILD, 'flood', path], { stdio: ['ignore', 'pipe', 'inherit'] })
    const closed = once(child, 'close')
    const until = 1 + ((kill * 37) % 200)
    let lines = 0
    for await (const line of createInterface({ input: child.stdout })) {
      if (!/^(open|stored \d+)$/.test(line)) throw new Error(`start ${kill} after a kill: ${line}`)
      if (line.startsWith('stored ')) answered.add(line.slice(7))
      if (++lines === until) child.kill('SIGKILL')
    }
    await closed
  }
  const store = await openSqliteStore({ path })
  const messages = await all(store)
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1))
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length)
  const stored = new Set(messages.map(({ id }) => id.slice(1)))
  expect([...answered].filter((id) => !stored.has(id))).toEqual([])
  expect(answered.size).toBeGreaterThan(KILLS * 50)
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})
