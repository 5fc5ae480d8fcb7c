import type { CDPSession, Page } from 'puppeteer'
import { type Chromium, launchChromium } from '../support/browser/chromium.ts'
import { countStore, readStore } from '../support/browser/database.ts'
import { openOptions } from '../support/browser/extension.ts'
import { addWebhook, ask, connectionIs, eventually, HIGH_LIMITS, outside } from '../support/browser/world.ts'
import { type RelayProcess, startRelayProcess } from '../support/relayProcess.ts'
import { holdStore } from './holdStore.ts'

export type Plan = {
  /** Posts made one after the other, and how often the relay is killed among them. */
  posts: number
  kills: number
  /** How long to wait for the last message, ms: what is lost never comes. */
  patience: number
  /** Another copy of the product, for the mutations. */
  command?: string
  extension?: string
}

/** What went wrong, in words; empty when nothing did. */
export type Verdict = { problems: string[]; answered: number; kills: number }

type Row = { id: string; seq: number; content: string; channelId: string }

/**
 * The relay is killed (SIGKILL, directly after an answer) again and again while messages are posted; then every promise is looked at: what was
 * answered 200 is in the extension's database once and in order, nothing was acknowledged before it was stored, and the cursor is kept.
 */
export async function runKillScenario(plan: Plan): Promise<Verdict> {
  const relay = await startRelayProcess({
    env: { CHAOS_RATE_LIMITS: HIGH_LIMITS, LOG_LEVEL: 'error' },
    ...(plan.command && { command: plan.command }),
  })
  const chromium = await launchChromium({ relayPort: relay.port, ...(plan.extension && { extension: plan.extension }) })
  try {
    const page = await openOptions(chromium)
    await connectionIs(page, 'connected')
    const webhook = await addWebhook(page, 'faults')
    const address = outside(webhook.url, relay)
    const answered = await postAndKill(plan, relay, address, page)
    const acknowledged = await acknowledgedWhileBusy(chromium, page, address)
    await allStored(page, answered, plan.patience)
    await redeliver(page)
    return { problems: [...acknowledged, ...(await judge(page, answered))], answered: answered.length, kills: plan.kills }
  } finally {
    await chromium.close()
    await relay.close()
  }
}

/** Sequential posts; the ids of those that were answered 200, in order. */
async function postAndKill(plan: Plan, relay: RelayProcess, address: string, page: Page): Promise<string[]> {
  const answered: string[] = []
  const every = Math.floor(plan.posts / (plan.kills + 1))
  for (let number = 1; number <= plan.posts; number++) {
    const id = await post(address, number)
    if (id) answered.push(id)
    if (number % every === 0 && number / every <= plan.kills) {
      await relay.kill('SIGKILL')
      await relay.start()
    }
    // Push and poll meet on the same messages.
    if (number % 97 === 0) void ask(page, 'connection', 'pollNow', { profileId: 'default' }).catch(() => undefined)
  }
  return answered
}

/** The message's id when the relay said 200; `undefined` when it was killed under the request. */
async function post(address: string, number: number): Promise<string | undefined> {
  try {
    const answer = await fetch(address, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: `message ${number}` })
    return answer.status === 200 ? ((await answer.json()) as { messageId: string }).messageId : undefined
  } catch {
    return undefined
  }
}

/** Holds the database busy while messages arrive: the acknowledgements that left before they could be stored. client:CDD1 */
async function acknowledgedWhileBusy(chromium: Chromium, page: Page, address: string): Promise<string[]> {
  await connectionIs(page, 'connected')
  const offscreen = await chromium.browser.waitForTarget((target) => target.url().includes('offscreen.html'))
  const session: CDPSession = await offscreen.createCDPSession()
  await session.send('Network.enable')
  const held = await holdStore(page)
  let early = 0
  const received = new Promise<void>((resolve) => {
    session.on('Network.webSocketFrameReceived', ({ response }) => {
      if (response.payloadData.includes('"busy 3"')) resolve()
    })
  })
  session.on('Network.webSocketFrameSent', ({ response }) => {
    if (held.holding() && response.payloadData.includes('"ack"')) early++
  })
  for (const number of [1, 2, 3]) await fetch(address, { method: 'POST', body: `busy ${number}` })
  await received
  await held.release()
  await session.detach()
  return early > 0 ? [`${early} acknowledgements left while nothing could be stored`] : []
}

async function allStored(page: Page, answered: string[], patience: number): Promise<void> {
  await eventually(
    page,
    async () => {
      const count = await countStore(page, 'messages')
      return count >= answered.length + 3 ? true : count
    },
    `${answered.length + 3} stored messages`,
    patience,
  ).catch(() => undefined)
}

/** As if the last acknowledgement never came: the relay sends the newest messages again. client:CDD3 */
async function redeliver(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('chaos-relay')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('cursors', 'readwrite')
          const store = transaction.objectStore('cursors')
          const reading = store.get('default')
          reading.onsuccess = () => {
            if (reading.result) store.put({ ...reading.result, seq: Math.max(0, reading.result.seq - 50) })
          }
          transaction.oncomplete = () => {
            opening.result.close()
            resolve()
          }
        }
      }),
  )
  await ask(page, 'connection', 'reconnect', { profileId: 'default' })
  await eventually(
    page,
    async () => {
      const [connection] = await readStore<{ state: string; since: number }>(page, 'connections')
      return connection?.state === 'connected' ? true : connection?.state
    },
    'the connection after the redelivery',
    60_000,
  ).catch(() => undefined)
  await ask(page, 'connection', 'pollNow', { profileId: 'default' })
}

async function judge(page: Page, answered: string[]): Promise<string[]> {
  const rows = (await readStore<Row>(page, 'messages')).sort((a, b) => a.seq - b.seq)
  const problems: string[] = []
  const stored = new Set(rows.map((row) => row.id))
  const lost = answered.filter((id) => !stored.has(id))
  if (lost.length > 0) problems.push(`${lost.length} messages answered 200 are missing`)
  const numbers = rows
    .map((row) => Number(/^message (\d+)$/.exec(row.content)?.[1] ?? Number.NaN))
    .filter((number) => !Number.isNaN(number))
  if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0)))
    problems.push('the order is not that of the posts')
  if (rows.some((row, index) => row.seq !== index + 1)) problems.push('the sequence has gaps or doubles')
  const [conversation] = await readStore<{ unread: number }>(page, 'conversations')
  if (conversation?.unread !== rows.length)
    problems.push(`${conversation?.unread} counted unread, ${rows.length} stored: counted twice or not at all`)
  const [cursor] = await readStore<{ seq: number }>(page, 'cursors')
  if (cursor?.seq !== rows.at(-1)?.seq) problems.push(`the cursor is at ${cursor?.seq}, the last message at ${rows.at(-1)?.seq}`)
  return problems
}
