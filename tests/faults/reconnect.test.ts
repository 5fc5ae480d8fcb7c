import { expect, it } from 'vitest'
import { createClient, type TestClient } from '../support/client.ts'
import { startRelayProcess } from '../support/relayProcess.ts'
import { openTestSocket, type TestSocket } from '../support/socket.ts'
import { createWebhook, type TestWebhook } from '../support/webhook.ts'

const SESSIONS = 200
/** As many as one session may have open. */
const EACH = 5
const BEFORE = 3
const MEANWHILE = 3
/** Only what the set-up itself would run into; everything a storm of reconnecting clients meets stays as shipped. */
const LIMITS = '{"register":{"limit":0,"windowSec":60}}'

/** A thousand sockets keep a slow machine busy for a while. */
const PATIENCE_MS = 120_000

type Owner = { client: TestClient; webhook: TestWebhook }
/** One window of a session: what it has stored, and the socket it hears more by. */
type Window = { owner: Owner; cursor: number; epoch: string | null; seqs: number[]; verdicts: string[] }

async function inTurn<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = [...items]
  const workers = Array.from({ length: atOnce }, async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await work(next)
  })
  await Promise.all(workers)
}

/** Takes in what comes until the replay is over and message `until` is there. */
async function listen(window: Window, { next }: Pick<TestSocket, 'next'>, until: number, resumed = false): Promise<void> {
  while (!resumed || window.cursor < until) {
    const frame = await next()
    if (frame.type === 'message') {
      window.seqs.push(frame.seq)
      window.cursor = frame.seq
    } else if (frame.type === 'resumed') {
      resumed = true
      window.verdicts.push(`recovered ${frame.recovered}, dropped ${frame.dropped}`)
    } else if (frame.type === 'error') window.verdicts.push(frame.code)
  }
}

/** Ticket, socket, resume, as the extension does it; listens until message `until` is there. */
async function open(window: Window, until: number): Promise<TestSocket> {
  const { client } = window.owner
  const { json } = await client.post('/ws/ticket')
  const socket = await openTestSocket(`${client.url.replace('http', 'ws')}/ws`, ['chaos.v2', `ticket.${json.ticket}`], {
    patienceMs: PATIENCE_MS,
  })
  const hello = await socket.nextOf('hello')
  window.epoch ??= hello.epoch
  socket.send({ type: 'resume', cursor: window.cursor, epoch: window.epoch })
  await listen(window, socket, until)
  return socket
}

it('relay:WS8, WS10, DUR1 1,000 sockets come back at once after the relay was killed, while messages arrive: all are caught up, without an error', async () => {
  const relay = await startRelayProcess({ env: { CHAOS_RATE_LIMITS: LIMITS, LOG_LEVEL: 'warn' } })
  try {
    const owners: Owner[] = []
    await inTurn([...Array(SESSIONS).keys()], 20, async () => {
      const client = await createClient(relay.url, { keyed: false })
      owners.push({ client, webhook: await createWebhook(client) })
    })
    const windows = owners.flatMap((owner) =>
      Array.from({ length: EACH }, (): Window => ({ owner, cursor: 0, epoch: null, seqs: [], verdicts: [] })),
    )
    const first = await Promise.all(windows.map((window) => open(window, 0)))
    const say = (count: number) =>
      inTurn(owners, 20, async ({ webhook }) => {
        for (let said = 0; said < count; said++) await webhook.say(`message ${said}`)
      })
    await say(BEFORE)
    // The others are killed before they stored anything.
    await Promise.all(windows.map((window, at) => at % 2 === 0 && first[at] && listen(window, first[at], BEFORE, true)))
    await relay.kill('SIGKILL')
    await Promise.all(first.map(({ closed }) => closed))
    await relay.start()
    const back = Promise.all(windows.map((window) => open(window, BEFORE + MEANWHILE)))
    await say(MEANWHILE)
    const second = await back
    expect(second).toHaveLength(1_000)
    const all = Array.from({ length: BEFORE + MEANWHILE }, (_, index) => index + 1)
    const wrong = windows.filter(({ seqs }) => seqs.join() !== all.join())
    expect(wrong.map(({ seqs }) => seqs.join())).toEqual([])
    expect(new Set(windows.flatMap(({ verdicts }) => verdicts))).toEqual(new Set(['recovered true, dropped 0']))
    expect(second.flatMap((socket) => socket.unread())).toEqual([])
    expect(relay.output().stderr).toBe('')
    await Promise.all(second.map((socket) => socket.close()))
  } finally {
    await relay.close()
  }
})
