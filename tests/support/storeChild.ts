import { writeSync } from 'node:fs'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'

/**
 * A process that opens a store and says on stdout what happened, one line each, written through at once.
 * `hold <path>`: `open`, then stays. `append <path> <count>`: `stored <n>` or `refused <code>` per message, one after the other. `flood <path>`:
 * the same without end, 20 at a time, on top of what is stored.
 */
const [mode, path = '', count = '0'] = process.argv.slice(2)
const say = (line: string) => writeSync(1, `${line}\n`)

const store = await openSqliteStore({ path }).catch((error: Error) => {
  say(`${error.name}: ${error.message}`)
  process.exit(1)
})
say('open')
async function append(n: number): Promise<void> {
  const message = { id: `m${n}`, userId: 'user', channelId: 'c', channelType: 'webhook' as const, from: 'x', metadata: {}, now: n }
  await store.inbox.append({ ...message, content: `message ${n} ${'x'.repeat(1000)}`, dedupKey: `${n}` }).then(
    () => say(`stored ${n}`),
    (error: { code: string }) => say(`refused ${error.code}`),
  )
}

if (mode === 'hold') setInterval(() => {}, 1000)
else {
  await store.sessions.create({ userId: 'user', signedBefore: false, epoch: 'e', tokenHash: 'h', sealedToken: 's', now: 1 })
  if (mode === 'append') {
    for (let n = 1; n <= Number(count); n++) await append(n)
    await store.close()
  } else {
    for (let n = (await store.inbox.state('user')).head + 1; ; n += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, i) => append(n + i)))
    }
  }
}
