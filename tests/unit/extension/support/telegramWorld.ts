import { changeMode } from '../../../../lib/approvals/mode.ts'
import type { ApprovalRow } from '../../../../lib/approvals/model.ts'
import { createApprovals } from '../../../../lib/approvals/service.ts'
import type { Database } from '../../../../lib/database/open.ts'
import { createWriting } from '../../../../lib/inbox/writing.ts'
import { type ApprovalOutcome, approvalCreatedSchema, approvalOutcomeSchema } from '../../../../lib/protocol/approval.ts'
import { botRegisteredSchema } from '../../../../lib/protocol/http.ts'
import { databaseWithProfile } from './database.ts'
import { startRealRelay } from './realRelay.ts'
import { startRunner, stateOf, type TestRunner } from './runner.ts'
import { until } from './timers.ts'

/** What is used of tests/fakes/telegram/fake.ts, which is Node code like the relay. */
type Telegram = {
  apiRoot: string
  bot: { token: string }
  sent: { text?: string; source?: string }[]
  nextSent(): Promise<{ text?: string; source?: string; parseMode?: string }>
  faults: { next(method: string, fault: unknown): void }
  user(firstName: string, username: string): { id: number; send(text: string, place?: unknown): void }
  group(title: string): unknown
  close(): Promise<void>
}
const FAKE = '../../../fakes/telegram/fake.ts'

export const DELETE = { action: 'files.delete', args: { path: '/tmp/x' } }
export type TelegramWorld = Awaited<ReturnType<typeof startTelegramWorld>>

/** The worker's part of approvals on a database, over a runner that is there now. */
export function approvalsOf(db: Database, runner: () => TestRunner | undefined, given: { now?: () => number } = {}) {
  const now = given.now ?? Date.now
  const writing = createWriting({ db, now })
  const asked: string[] = []
  const cleared: string[] = []
  const due: number[] = []
  const approvals = createApprovals({
    db,
    now,
    channelOf: async (profileId, id) => (await db.get('channels', [profileId, id]))?.config,
    async say(what) {
      await writing.say(what)
      runner()?.flush()
    },
    discard: (clientId) => writing.discard(clientId),
    hand: () => runner()?.handDecisions(),
    tell: () => undefined,
    onRead: async () => undefined,
    notices: { ask: async ({ id }) => void asked.push(id), clear: async ({ id }) => void cleared.push(id) },
    wakeAt: async (_profileId, at) => void due.push(at),
  })
  return { ...approvals, asked, cleared, due }
}

/** A real relay with a Telegram of ours, the extension's connection and worker part on it, and Ada, paired with the bot. */
export async function startTelegramWorld() {
  const telegram = await ((await import(/* @vite-ignore */ FAKE)) as { startFakeTelegram(): Promise<Telegram> }).startFakeTelegram()
  const limits = JSON.stringify({ reply: { limit: 0, windowSec: 60 }, approvalWatch: { limit: 0, windowSec: 60 } })
  const relay = await startRealRelay({ env: { CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot, CHAOS_RATE_LIMITS: limits } })
  const db = await databaseWithProfile(relay.url)
  let runner: TestRunner | undefined
  let worker: ReturnType<typeof approvalsOf> | undefined

  async function connect(): Promise<TestRunner> {
    runner = startRunner({ db, onApprovals: async (arrived) => worker?.look('default', arrived) })
    await until(async () => (await stateOf(db)) === 'connected', 'the connection')
    return runner
  }
  const first = await connect()
  const wake = () => {
    worker = approvalsOf(db, () => runner)
    return worker
  }
  wake()

  const body = { botToken: telegram.bot.token }
  const { channelId, pairingCode } = await first.client.ask(
    'default',
    { method: 'POST', target: '/channels/telegram/register', body },
    botRegisteredSchema,
  )
  const ada = telegram.user('Ada', 'ada')
  ada.send(pairingCode ?? '')
  await telegram.nextSent()
  await until(async () => {
    const users = (await db.get('channels', ['default', channelId]))?.config.metadata.allowedUsers
    return Array.isArray(users) && users.length === 1
  }, 'the paired channel')

  const row = (id: string): Promise<ApprovalRow | undefined> => db.get('approvals', ['default', id])
  return {
    telegram,
    relay,
    db,
    ada,
    channelId,
    client: first.client,
    get runner() {
      return runner
    },
    get worker() {
      return worker
    },
    connect,
    /** The worker is stopped; nothing looks at what comes. */
    sleep(): void {
      worker = undefined
    },
    wake,
    async disconnect(): Promise<void> {
      await runner?.close()
      runner = undefined
    },
    mode: (mode: 'off' | 'writes' | 'all') => changeMode(db, 'default', mode, true),
    row,
    standing: async (id: string) => (await row(id))?.standing,
    /** Ada writes, and it is stored here. */
    async said(text: string): Promise<void> {
      const before = await db.count('messages')
      ada.send(text)
      await until(async () => (await db.count('messages')) > before, `"${text}" to arrive`)
    },
    /** An agent of this session asks because of Ada's chat. */
    async ask(given: Record<string, unknown> = {}): Promise<string> {
      const wanted = { ...DELETE, kind: 'write', channelId, conversation: String(ada.id), ...given }
      const request = { method: 'POST', target: '/approvals', body: wanted } as const
      return (await first.client.ask('default', request, approvalCreatedSchema)).id
    },
    outcome: (id: string, waitMs = 0): Promise<ApprovalOutcome> =>
      first.client.ask('default', { method: 'GET', target: `/approvals/${id}?waitMs=${waitMs}` }, approvalOutcomeSchema),
    use: (id: string, given: { action: string; args: unknown } = DELETE): Promise<ApprovalOutcome> =>
      first.client.ask('default', { method: 'POST', target: `/approvals/${id}/use`, body: given }, approvalOutcomeSchema),
    async close(): Promise<void> {
      await runner?.close()
      await relay.close()
      await telegram.close()
      db.close()
    },
  }
}
