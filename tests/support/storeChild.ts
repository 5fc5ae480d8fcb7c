import { writeSync } from 'node:fs'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'

/**
 * A process that opens a store and says on stdout what happened, one line each, written through at once.
 * `hold <path>`: `open`, then stays. `append <path> <count>`: `stored <n>` or `refused <code>` per message, one after the other.
 */
const [mode, path = '', count = '0'] = process.argv.slice(2)
const say = (line: string) => writeSync(1, `${line}\n`)

const store = await openSqliteStore({ path }).catch((error: Error) => {
  say(`${error.name}: ${error.message}`)
  process.exit(1)
})
say('open')
if (mode === 'hold') setInterval(() => {}, 1000)
else {
  await store.sessions.create({ userId: 'user', signedBefore: false, epoch: 'e', tokenHash: 'h', sealedToken: 's', now: 1 })
  for (let i = 1; i <= Number(count); i++) {
    const message = {
      id: `m${i}`,
      userId: 'user',
      channelId: 'c',
      channelType: 'webhook' as const,
      from: 'x',
      metadata: {},
      now: i,
    }
    await store.inbox.append({ ...message, content: `message ${i} ${'x'.repeat(1000)}` }).then(
      () => say(`stored ${i}`),
      (error: { code: string }) => say(`refused ${error.code}`),
    )
  }
  await store.close()
}
