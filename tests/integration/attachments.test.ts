import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/client.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { allMessages, createWebhook, NO_LIMITS } from '../support/webhook.ts'

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(64, 7)])
const MIB = 1024 * 1024

type Upload = { name: string; bytes: Uint8Array<ArrayBuffer>; type?: string }

async function multipart(files: Upload[], text = 'see files') {
  const form = new FormData()
  form.append('text', text)
  for (const { name, bytes, type = 'application/octet-stream' } of files) form.append('file', new Blob([bytes], { type }), name)
  const encoded = new Response(form)
  return { body: Buffer.from(await encoded.arrayBuffer()), type: { 'Content-Type': encoded.headers.get('content-type') ?? '' } }
}

describe('attachments', () => {
  let relay: TestRelay
  let client: TestClient
  beforeAll(async () => {
    relay = await startRelay({ env: { ...NO_LIMITS, CHAOS_MAX_BODY_BYTES: String(40 * MIB) } })
    client = await relay.client()
  })
  afterAll(() => relay.close())

  async function received(files: Upload[]) {
    const own = await relay.client()
    const { body, type } = await multipart(files)
    expect((await (await createWebhook(own)).post(body, type)).status).toBe(200)
    const [message] = await allMessages(own)
    return { own, message }
  }
  const bytesOf = (text: string) => new Uint8Array(Buffer.from(text))

  it('relay:ATT1 three files of 5 MiB are kept, others named with their reason, and the text arrives', async () => {
    const large = new Uint8Array(5 * MIB)
    const { message } = await received([
      { name: 'full.bin', bytes: large },
      { name: 'over.bin', bytes: new Uint8Array(5 * MIB + 1) },
      { name: 'b.txt', bytes: bytesOf('b') },
      { name: 'c.txt', bytes: bytesOf('c') },
      { name: 'd.txt', bytes: bytesOf('d') },
    ])
    expect(message.content).toBe('{"text":"see files"}')
    expect(message.attachments.map(({ filename, size }: { filename: string; size: number }) => [filename, size])).toEqual([
      ['full.bin', 5 * MIB],
      ['b.txt', 1],
      ['c.txt', 1],
    ])
    expect(message.metadata.attachmentsOmitted).toEqual([
      { filename: 'over.bin', size: 5 * MIB + 1, reason: 'larger than 5 MiB' },
      { filename: 'd.txt', size: 1, reason: 'more than 3 files' },
    ])
  })

  it('relay:ATT2 only the first bytes make an image; names lose paths and controls', async () => {
    const { message } = await received([
      { name: '../../etc/pass\u202ewd.png', bytes: bytesOf('<svg onload=alert(1)>'), type: 'image/png' },
      { name: 'C:\\temp\\real.txt', bytes: new Uint8Array(PNG), type: 'text/html' },
      { name: `${'long'.repeat(50)}.jpeg`, bytes: bytesOf('\n\n'), type: 'nonsense' },
    ])
    expect(message.attachments).toEqual([
      { id: expect.any(String), filename: 'passwd.png', mimeType: 'image/png', size: 21, kind: 'file' },
      { id: expect.any(String), filename: 'real.txt', mimeType: 'image/png', size: PNG.length, kind: 'image' },
      {
        id: expect.any(String),
        filename: `${'long'.repeat(50).slice(0, 115)}.jpeg`,
        mimeType: expect.any(String),
        size: 2,
        kind: 'file',
      },
    ])
  })

  it('relay:ATT4 a download is the exact bytes, and nothing a browser would run', async () => {
    const html = bytesOf('<script>alert(1)</script>\0\xff')
    const { own, message } = await received([{ name: 'a"b;ü\'.html', bytes: html, type: 'text/html; charset=utf-8' }])
    const answer = await own.get(`/messages/${message.id}/attachments/${message.attachments[0].id}`)
    expect(answer.status).toBe(200)
    expect(Buffer.compare(answer.bytes, html)).toBe(0)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html',
      'content-length': String(html.length),
      'x-content-type-options': 'nosniff',
      'content-security-policy': 'sandbox',
      'cache-control': 'no-store',
    })
    const disposition = String(answer.headers['content-disposition'])
    expect(disposition).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w.~%-]+$/)
    expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe(message.attachments[0].filename)
  })

  it('relay:ATT5 unknown and foreign attachments are refused alike, expired ones are gone', async () => {
    const { own, message } = await received([{ name: 'a.txt', bytes: bytesOf('a') }])
    const path = `/messages/${message.id}/attachments/${message.attachments[0].id}`
    const stranger = await relay.client()
    const foreign = await stranger.get(path)
    expect(foreign).toMatchObject({ status: 404, json: { code: 'attachment_not_found' } })
    for (const unknown of [`/messages/${message.id}/attachments/x`, `/messages/x/attachments/${message.attachments[0].id}`])
      expect((await own.get(unknown)).json).toEqual(foreign.json)
    expect((await own.get(path)).status).toBe(200)
    const { maintenance } = relay.relay.store
    while (
      (await maintenance.expire({ now: Date.now() + 31 * 24 * 3600_000, keptMs: 30 * 24 * 3600_000, keptMessages: 1000 })).more
    );
    expect(await own.get(path)).toMatchObject({ status: 410, json: { code: 'attachment_gone' } })
    expect((await stranger.get(path)).status).toBe(404)
  })

  it('relay:ATT5 a deleted message takes its files along', async () => {
    const { own, message } = await received([{ name: 'a.txt', bytes: bytesOf('a') }])
    await own.del(`/messages/${message.id}`)
    expect((await own.get(`/messages/${message.id}/attachments/${message.attachments[0].id}`)).status).toBe(404)
  })

  it('relay:ATT5 a file that is not fetched yet is pending', async () => {
    const { id: channelId } = await createWebhook(client)
    await relay.relay.store.inbox.append({
      id: 'waiting',
      userId: client.userId,
      channelId,
      channelType: 'webhook',
      from: 'f',
      content: 'c',
      metadata: {},
      files: [{ id: 'file', filename: 'f', mimeType: 'text/plain', kind: 'file', sealedSource: 'sealed', size: 5 }],
      now: Date.now(),
    })
    const answer = await client.get('/messages/waiting/attachments/file')
    expect(answer).toMatchObject({ status: 503, json: { code: 'attachment_pending' } })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  })

  it('relay:AUTH4 downloads need a signature always', async () => {
    const bearer = await relay.client({ keyed: false })
    expect(await bearer.get('/messages/x/attachments/y')).toMatchObject({ status: 403, json: { code: 'signature_required' } })
    expect((await client.get('/messages/x/attachments/y', { sign: false })).json.code).toBe('signature_required')
  })
})
