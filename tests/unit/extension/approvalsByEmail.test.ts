import { afterEach, beforeEach, expect, it } from 'vitest'
import { changeMode } from '../../../lib/approvals/mode.ts'
import type { Database } from '../../../lib/database/open.ts'
import { approvalCreatedSchema, approvalOutcomeSchema } from '../../../lib/protocol/approval.ts'
import { emailRegisteredSchema, okAnswerSchema } from '../../../lib/protocol/http.ts'
import { databaseWithProfile } from './support/database.ts'
import { startRunner, stateOf, type TestRunner } from './support/runner.ts'
import { approvalsOf, DELETE } from './support/telegramWorld.ts'
import { until } from './support/timers.ts'

/** What is used of tests/fakes/smtp, which is Node code like the relay. */
type Receiving = {
  relay: { url: string }
  out: { mails: { next(): Promise<{ raw: string }> } }
  deliver(raw: string, to: string, given?: { mailFrom?: string; from?: string }): Promise<string>
  close(): Promise<void>
}
type Fake = { startReceivingRelay(): Promise<Receiving>; mailText(fields: Record<string, string>, body: string): string }
const RECEIVING = '../../fakes/smtp/receiving.ts'
const WITH_RELAY = '../../fakes/smtp/withRelay.ts'
const PROFILE = 'default'

let fake: Fake
let email: Receiving
let db: Database
let runner: TestRunner
let channelId: string
let inboundAddress: string
beforeEach(async () => {
  fake = (await import(/* @vite-ignore */ RECEIVING)) as Fake
  const { linkIn } = (await import(/* @vite-ignore */ WITH_RELAY)) as {
    linkIn(mail: { raw: string }): Promise<Record<string, string>>
  }
  email = await fake.startReceivingRelay()
  db = await databaseWithProfile(email.relay.url)
  await changeMode(db, PROFILE, 'writes', true)
  const worker = approvalsOf(db, () => runner)
  runner = startRunner({ db, onApprovals: (arrived) => worker.look(PROFILE, arrived) })
  await until(async () => (await stateOf(db)) === 'connected', 'the connection')
  const body = { userEmail: 'ada@example.com' }
  const request = { method: 'POST', target: '/channels/email/register', body } as const
  ;({ channelId, inboundAddress } = await runner.client.ask(PROFILE, request, emailRegisteredSchema))
  const form = new URLSearchParams(await linkIn(await email.out.mails.next()))
  expect((await fetch(`${email.relay.url}/email/verify`, { method: 'POST', body: form })).status).toBe(200)
  const allowedSenders = ['ada@example.com', '@example.com']
  await runner.client.ask(PROFILE, { method: 'PATCH', target: `/channels/${channelId}`, body: { allowedSenders } }, okAnswerSchema)
})
afterEach(async () => {
  await runner.close()
  await email.close()
  db.close()
})

let mails = 0
/** A mail of this sender, from a machine that may send for example.com, or not. What the relay said to it. */
function mail(from: string, text: string, machine = '127.0.0.1'): Promise<string> {
  mails++
  const raw = fake.mailText({ From: from, Subject: 'Re: Approval', 'Message-ID': `<m${mails}@example.com>` }, text)
  return email.deliver(raw, inboundAddress, { mailFrom: from, from: machine })
}
/** Delivered, and stored here. */
async function said(from: string, text: string): Promise<void> {
  const before = await db.count('messages')
  expect(await mail(from, text)).toMatch(/^250 /)
  await until(async () => (await db.count('messages')) > before, 'the mail')
}
const standing = async (id: string) => (await db.get('approvals', [PROFILE, id]))?.standing

it('client:APR5, APR8, APR10 relay:EML9 asks by mail and hears the named sender’s own words alone', async () => {
  await said('ada@example.com', 'clean up, please')
  const wanted = { ...DELETE, kind: 'write', channelId, conversation: 'Ada@Example.com' }
  const { id } = await runner.client.ask(PROFILE, { method: 'POST', target: '/approvals', body: wanted }, approvalCreatedSchema)
  const { raw } = await email.out.mails.next()
  expect(raw.replace(/=\r\n/g, '')).toContain(`Approval needed [${id}]`)

  expect(await mail('ada@example.com', `yes ${id}`, '127.0.0.9')).toMatch(/^550 5\.7\.26/)
  await said('eve@example.com', `yes ${id}`)
  await said('ada@example.com', `What is this?\n\nOn Mon, 1 Dec 2025 at 14:09, Relay <${inboundAddress}> wrote:\n> yes ${id}\n`)

  await said(
    'ada@example.com',
    `Yes.\n\nOn Mon, 1 Dec 2025 at 14:09, Relay <${inboundAddress}> wrote:\n> Reply "yes ${id}" or "no ${id}".\n`,
  )
  await until(async () => (await standing(id))?.state === 'allowed', 'the decision')
  const known = await runner.client.ask(PROFILE, { method: 'GET', target: `/approvals/${id}` }, approvalOutcomeSchema)
  expect(known).toEqual({ state: 'allowed', decidedBy: 'email' })
  // Neither the quote nor somebody else of the domain, who is in another conversation, was an answer.
  const answers = await db.getAll('answers')
  expect(answers).toMatchObject([{ outcome: 'allowed', from: 'ada@example.com', text: expect.stringMatching(/\nYes\.\n/) }])
})
