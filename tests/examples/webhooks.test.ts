import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/client.ts'
import { runExample } from '../support/example.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { allMessages, createWebhook, type TestWebhook } from '../support/webhook.ts'

describe('examples that post to a webhook', () => {
  let relay: TestRelay
  let client: TestClient
  let webhook: TestWebhook
  let url: string
  beforeAll(async () => {
    relay = await startRelay()
  })
  afterAll(() => relay.close())
  beforeEach(async () => {
    client = await relay.client()
    webhook = await createWebhook(client)
    url = `${relay.url}${webhook.path}`
  })

  const signingSecret = async (scheme: 'standard' | 'github') =>
    (await client.post(`/channels/${webhook.id}/rotate-secret`, { which: 'signing', scheme })).json.secret as string

  it('relay:WH4, CH12 curl/webhook.sh posts any text, and prints what was answered', async () => {
    const text = 'a "quoted" text,\nwith two lines & $HOME of 100 %'
    const first = await runExample('curl/webhook.sh', [text], { WEBHOOK_URL: url }).ended
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const [message] = await allMessages(client)
    expect(message).toMatchObject({ from: 'curl', content: text })
    await client.post('/reply', { channelId: webhook.id, content: 'noted', replyTo: message.id })
    const second = await runExample('curl/webhook.sh', ['again'], { WEBHOOK_URL: url }).ended
    const [, answers = ''] = second.stdout.trim().split('\n')
    expect(JSON.parse(answers).responses).toMatchObject([{ content: 'noted', metadata: { replyTo: message.id } }])
  })

  it('relay:WH1 curl/webhook.sh tells why it was refused', async () => {
    const { code, stdout } = await runExample('curl/webhook.sh', ['x'], { WEBHOOK_URL: `${url}x` }).ended
    expect(code).not.toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ code: 'invalid_token' })
    expect(await runExample('curl/webhook.sh', [], { WEBHOOK_URL: url }).ended).toMatchObject({ code: 2 })
  })

  it('relay:WH9, WH10, DUR2 node/githubWebhook.mjs is signed, and a delivery sent twice is stored once', async () => {
    const env = { WEBHOOK_URL: url, SIGNING_SECRET: await signingSecret('github'), DELIVERY_ID: 'delivery-1' }
    for (let time = 0; time < 2; time++)
      expect(await runExample('node/githubWebhook.mjs', ['Build 17 failed ✗'], env).ended).toMatchObject({ code: 0, stderr: '' })
    expect(await allMessages(client)).toMatchObject([{ content: 'Build 17 failed ✗', metadata: { raw: { repository: {} } } }])
    const wrong = await runExample('node/githubWebhook.mjs', ['x'], { ...env, SIGNING_SECRET: 'another' }).ended
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/^401 bad_signature: /) })
    expect(await allMessages(client)).toHaveLength(1)
  })

  it('relay:WH8, WH10, DUR2 python/webhook.py is signed, and a post sent twice is stored once', async () => {
    const env = { WEBHOOK_URL: url, SIGNING_SECRET: await signingSecret('standard'), MESSAGE_ID: 'msg_1' }
    for (let time = 0; time < 2; time++)
      expect(await runExample('python/webhook.py', ['Disk 80 % full — ä'], env).ended).toMatchObject({ code: 0, stderr: '' })
    expect(await allMessages(client)).toMatchObject([{ from: 'webhook.py', content: 'Disk 80 % full — ä' }])
    const SIGNING_SECRET = `whsec_${randomBytes(32).toString('base64')}`
    const wrong = await runExample('python/webhook.py', ['x'], { ...env, SIGNING_SECRET }).ended
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/^401 bad_signature: /) })
    expect(await allMessages(client)).toHaveLength(1)
  })

  it('relay:REG1, AUTH3, CH12 curl/session.sh registers, posts, reads, answers and reads the answer', async () => {
    const { code, stdout, stderr } = await runExample('curl/session.sh', [], { RELAY_URL: relay.url }).ended
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.trim().split('\n')
    expect(lines[0]).toMatch(new RegExp(`^webhook: ${relay.url}/webhook/[\\w-]+\\?token=`))
    expect(lines[2]).toBe('read: Is anybody there?')
    expect(JSON.parse(lines[3] ?? '')).toMatchObject({ ok: true, state: 'sent' })
    const messageId = lines[1]?.replace('posted: ', '')
    expect(JSON.parse(lines[4] ?? '').responses).toMatchObject([{ content: 'Yes.', metadata: { replyTo: messageId } }])
  })
})
