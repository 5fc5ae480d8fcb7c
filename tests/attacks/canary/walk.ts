import { expect } from 'vitest'
import { mailText } from '../../fakes/smtp/receiving.ts'
import { linkIn } from '../../fakes/smtp/withRelay.ts'
import { cookieOf, loginForm, signIn } from '../../support/admin.ts'
import { ask, decision, withWindow } from '../../support/approvals.ts'
import { createClient, type TestClient } from '../../support/client.ts'
import { openDevice } from '../../support/device.ts'
import { type HttpRequest, send } from '../../support/http.ts'
import { createIdentity } from '../../support/identity.ts'
import { openSmtp } from '../../support/smtpClient.ts'
import { openTestSocket } from '../../support/socket.ts'
import { createWebhook } from '../../support/webhook.ts'
import { bots } from './bots.ts'
import { AT_REGISTRATION, FILE, NOT_IN_THE_LOG, PAIRING, URL_SECRET, WAIT } from './shown.ts'
import { PUBLIC_URL, type World } from './world.ts'

/** A person and their browser: everything of theirs that the relay keeps or is shown. */
export async function createOwner({ secrets }: World, url: string): Promise<TestClient> {
  const identity = createIdentity()
  const { x = '', y = '' } = identity.publicKey
  for (const [name, value] of Object.entries({ x, y })) secrets.watch(`${name} of a client's public key`, value, /^file /)
  const client = await createClient(url, { identity })
  secrets.watch('an apiKey', client.apiKey, AT_REGISTRATION)
  return client
}

/** Signing in and opening sockets in every way, also wrongly. */
export async function signInEverywhere({ secrets }: World, client: TestClient): Promise<void> {
  const { url, identity, apiKey } = client
  const bearer = await createClient(url, { keyed: false })
  secrets.watch('the apiKey of a session without a key', bearer.apiKey, AT_REGISTRATION)
  const rotated = await client.register({ rotate: true })
  secrets.watch('a rotated apiKey', rotated.json.apiKey, AT_REGISTRATION)
  const { ticket } = (await client.post('/ws/ticket')).json
  secrets.watch('an unused ticket', ticket, /^POST \/ws\/ticket$/)
  for (const kind of ['v2', 'legacy'] as const) {
    const socket = await bearer.openSocket(kind, { credential: 'token' })
    await socket.close()
  }
  const socket = await client.openResumed()
  secrets.watch('a spent ticket', socket.credential, /^POST \/ws\/ticket$/)
  await socket.close()
  const headers = identity.headers('GET', '/messages', '')
  secrets.watch('a signature', headers['X-Signature'] ?? '')
  secrets.watch('a wrong apiKey', 'chaos_d9b2c61f0a7e4835bd11')
  const query = secrets.make('a query')
  const authorization = { Authorization: `Bearer ${apiKey}` }
  const refused: [string, HttpRequest, number][] = [
    ['/messages', { headers: { ...authorization, ...headers, 'X-Signature-Version': '1' } }, 401],
    ['/messages', { headers: { Authorization: 'Bearer chaos_d9b2c61f0a7e4835bd11' } }, 401],
    [`/messages?${query}`, {}, 401],
    [`/responses/unknown?token=${query}`, {}, 401],
    [`/health?${query}`, {}, 200],
    [`/nowhere?${query}`, { headers: authorization }, 401],
  ]
  for (const [target, request, status] of refused) expect((await send(url, target, request)).status, target).toBe(status)
  await expect(openTestSocket(`${url.replace('http', 'ws')}/ws?token=${apiKey}x`)).rejects.toThrow('401')
}

/** A webhook with every kind of secret, posts to it, right and wrong, and the answers somebody fetches. */
export async function useWebhook({ secrets }: World, client: TestClient): Promise<void> {
  const chosen = secrets.make('a chosen webhook secret', URL_SECRET)
  const webhook = await createWebhook(client, { id: 'door', name: 'Door', metadata: { webhookSecret: chosen } })
  const first = await createWebhook(client, { name: 'Signed' })
  secrets.watch('a webhook secret', first.secret, URL_SECRET)
  const rotated = await client.post(`/channels/${first.id}/rotate-secret`, { which: 'url' })
  secrets.watch('a rotated webhook secret', rotated.json.secret, URL_SECRET)
  for (const scheme of ['standard', 'github']) {
    const signing = await client.post(`/channels/${first.id}/rotate-secret`, { which: 'signing', scheme })
    secrets.watch(`a signing secret (${scheme})`, signing.json.secret, /^POST \/channels\/[^/]+\/rotate-secret$/)
  }
  const content = secrets.make('what a webhook says', NOT_IN_THE_LOG)
  await webhook.say(content)
  expect((await webhook.json({ content }, { 'Idempotency-Key': 'k-0123456789' })).status).toBe(200)
  expect((await webhook.post(content, { 'Content-Type': 'text/plain' }, `/webhook/door?token=${chosen}x`)).status).toBe(401)
  expect((await first.post(content, { 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` })).status).toBe(401)
  expect((await webhook.post('x'.repeat(1_100_000))).status).toBe(413)
  const answer = secrets.make('what is answered', NOT_IN_THE_LOG)
  const dataBase64 = Buffer.from(answer).toString('base64')
  const attachments = [{ filename: 'a.txt', mimeType: 'text/plain', dataBase64 }]
  expect((await client.post('/reply', { channelId: 'door', content: answer, attachments })).status).toBe(200)
  for (const target of ['/responses/door', `/responses/door?token=${chosen}`, `/responses/door?token=${chosen}x`])
    await send(client.url, target)
  expect((await client.post('/channels', { id: 'door', metadata: { webhookSecret: `${chosen}x` } })).status).toBe(409)
  expect((await client.patch('/channels/door', { name: 'Gate', prompt: content })).status).toBe(200)
}

/** An address confirmed by its link, mail in by SMTP, and an answer. */
export async function useEmail({ secrets, mail }: World, client: TestClient, smtpPort: number): Promise<string> {
  const registered = await client.post('/channels/email/register', { userEmail: 'ada@example.com' })
  expect(registered.status, registered.text).toBe(201)
  const { channelId, inboundAddress } = registered.json
  const { token } = await linkIn(await mail.mails.next())
  secrets.watch('the token of a link in a mail', token, /^(?:told mail|GET \/email\/verify)$/)
  const form = new URLSearchParams({ token, channelId }).toString()
  await send(client.url, `/email/verify?${form}`)
  await send(client.url, `/email/verify?token=${token}x&channelId=${channelId}`)
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const confirmed = await send(client.url, '/email/verify', { method: 'POST', headers, body: form })
  expect(confirmed.status).toBe(200)
  const content = secrets.make('what somebody mails', NOT_IN_THE_LOG)
  const smtp = await openSmtp(smtpPort)
  for (const answer of await smtp.begin('ada@example.com', inboundAddress)) expect(answer).toMatch(/^250/)
  expect(await smtp.text(mailText({ Subject: content }, content))).toMatch(/^250/)
  expect(await smtp.say(`RCPT TO:<${content}@mail.example.org>`)).toMatch(/^5/)
  smtp.close()
  const reply = await client.post('/reply', { channelId, content: 'Thank you.' })
  expect(reply.status, reply.text).toBe(200)
  await mail.mails.next(({ raw }) => raw.includes('Auto-Submitted: auto-replied'))
  return channelId
}

/** A question to the owner, and its answer. */
export async function useApprovals({ secrets }: World, client: TestClient): Promise<void> {
  const path = secrets.make('what an agent asks for', NOT_IN_THE_LOG)
  const { window } = await withWindow(client)
  const asked = { action: 'files.delete', args: { path } }
  const id = await ask(client, asked)
  const { approval } = await window.nextOf('approval_required')
  window.send(decision(id, 'allow', { argsHash: approval.argsHash }))
  await window.nextOf('approval_update')
  expect((await client.post(`/approvals/${id}/use`, asked)).status).toBe(200)
  await window.close()
}

/** The channels in another browser. */
export async function useDevice({ secrets }: World, client: TestClient): Promise<void> {
  const { token } = (await client.post('/app/device-link', {})).json
  secrets.watch('the token of an unused device link', token, /^POST \/app\/device-link$/)
  const device = await openDevice(client)
  secrets.watch('the cookie of a device', device.cookie.split('=')[1] ?? '', /^POST \/app\/session$/)
  for (const target of ['/app', '/app/channels']) expect((await device.get(target)).status).toBe(200)
  await device.request('PATCH', '/app/channels/door', { name: 'Portal' })
  await device.request('POST', '/app/logout')
}

/** The operator's pages, and what programs read. */
export async function useAdmin({ secrets, keys }: World, { url, userId }: TestClient): Promise<void> {
  const wrong = secrets.make('a wrong password')
  expect((await loginForm(url, wrong)).status).toBe(401)
  const form = await loginForm(url, keys.admin)
  secrets.watch('the cookie of an operator', cookieOf(form).split('=')[1] ?? '', /^POST \/admin\/login$/)
  const admin = await signIn(url, keys.admin)
  secrets.watch('another cookie of an operator', admin.cookie.split('=')[1] ?? '', /^POST \/admin\/login$/)
  const { json } = await admin.get(`/admin/sessions/${userId}/messages`)
  expect(json.messages.length).toBeGreaterThan(0)
  for (const target of ['/admin', '/admin/status', `/admin/sessions/${userId}`, `/admin/sessions/${userId}/delete`])
    expect((await admin.get(target)).status, target).toBe(200)
  for (const key of [keys.admin, wrong])
    await send(url, '/metrics', { headers: { Authorization: `Bearer ${key}`, 'X-Real-IP': '1' } })
  await send(url, '/health?deep=1')
  await admin.post('/admin/logout')
}

/** With a public address everything comes by post instead. */
export async function useByPost(world: World, client: TestClient, channels: { telegram: string; email: string }): Promise<void> {
  const { secrets, telegram, slack, resend } = world
  const local = (address: string) => address.replace(PUBLIC_URL, client.url)
  telegram.routeWebhooks(local)
  const inbox = await client.openResumed()
  await expect.poll(() => telegram.bot.webhook?.secret, WAIT).toBeDefined()
  secrets.watch('what Telegram shows to the relay', telegram.bot.webhook?.secret ?? '', /^told telegram$/)
  const said = secrets.make('what comes by post', NOT_IN_THE_LOG)
  telegram.user('Eve').send(said)
  await telegram.nextSent()
  await send(client.url, `/telegram/${channels.telegram}?secret=${secrets.make('a wrong secret')}`, { method: 'POST', body: '{}' })

  const { botToken, signingSecret } = slack.app
  const registered = await client.post('/channels/slack/register', { botToken, signingSecret })
  expect(registered.status, registered.text).toBe(200)
  secrets.watch('a later pairing code of Slack', registered.json.pairingCode, PAIRING)
  const posted = await slack.requestUrl.post(slack.app, `${client.url}/slack/${registered.json.channelId}`, {
    type: 'url_verification',
    challenge: 'c',
  })
  expect(posted.status).toBe(200)

  const { inboundAddress } = (await client.get('/channels')).json.channels.find(
    ({ id }: { id: string }) => id === channels.email,
  ).metadata
  const mail = resend.receive({
    to: [inboundAddress],
    subject: said,
    message_id: '<by-post@example.com>',
    files: [{ bytes: FILE.bytes }],
  })
  expect(await resend.announce(mail, `${client.url}/email/inbound`)).toEqual([200])
  await inbox.nextWhere((frame) => frame.message?.metadata?.subject === said)
  await send(client.url, '/email/inbound', { method: 'POST', body: '{}', headers: { 'svix-signature': 'v1,x' } })
  const admin = await signIn(client.url, world.keys.admin)
  secrets.watch('the cookie behind https', admin.cookie.split('=')[1] ?? '', /^POST \/admin\/login$/)
  await inbox.close()
}

/** Nobody is there to be reached: what is told about that quotes no address with a token in it. */
export async function useWithoutPlatforms(world: World, client: TestClient, channelIds: readonly string[]): Promise<void> {
  await world.endPlatforms()
  const replies = channelIds.map(async (channelId) => {
    const { json } = await client.post('/reply', { channelId, content: 'Is anybody there?' })
    await expect.poll(async () => (await client.get(`/replies/${json.responseId}`)).json.attempts, WAIT).toBeGreaterThan(0)
  })
  const registrations = bots(world).map(async ({ type, body }) => {
    const answer = await client.post(`/channels/${type}/register`, body)
    expect([answer.status, answer.json.code]).toEqual([400, 'provider_unreachable'])
  })
  await Promise.all([...replies, ...registrations, client.post('/channels/email/register', { userEmail: 'eve@example.com' })])
}
