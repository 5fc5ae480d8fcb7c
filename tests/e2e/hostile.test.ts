import { randomBytes } from 'node:crypto'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countStore, readStore } from '../support/browser/database.ts'
import { openPopup, seeText } from '../support/browser/extension.ts'
import { addWebhook, eventually, outside, startWorld, type World } from '../support/browser/world.ts'
import { createClient } from '../support/client.ts'

let world: World
let page: Page
let webhook: { id: string; url: string }
let address: string

beforeAll(async () => {
  world = await startWorld()
  page = await world.connected()
  webhook = await addWebhook(page, 'hostile')
  address = outside(webhook.url, world.relay)
})
afterAll(() => world.close())

const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, to = address) =>
  fetch(to, { method: 'POST', headers, body })
const code = async (answer: Response) => ({ status: answer.status, code: ((await answer.json()) as { code: string }).code })
const json = { 'content-type': 'application/json' }

describe('hostile input', () => {
  it('relay:WH7, WH4, WH1, ERR1 oversized and malformed posts get their code, and the channel works on', async () => {
    expect(await code(await post('x'.repeat(1024 * 1024 + 1)))).toEqual({ status: 413, code: 'body_too_large' })
    expect((await post('{"broken": ', json)).status).toBe(200)
    expect((await post(new Uint8Array(randomBytes(2048)), { 'content-type': 'text/plain' })).status).toBe(200)
    expect((await post('[['.repeat(50_000), json)).status).toBe(200)
    const wrongToken = address.replace(/token=[^&]+/, 'token=wrong-token')
    expect(await code(await post('x', {}, wrongToken))).toEqual({ status: 401, code: 'invalid_token' })
    await eventually(
      page,
      async () => ((await countStore(page, 'messages')) === 3 ? true : countStore(page, 'messages')),
      'the three that were taken',
    )
  })

  it('relay:SIG4, SIG8, WS4 and CH7 forged signatures, nonces, tickets and other people’s channels are refused', async () => {
    const stranger = await createClient(world.relay.url)
    const forged = await stranger.get('/channels', { headers: { 'X-Signature': randomBytes(64).toString('base64') } })
    expect([forged.status, forged.json.code]).toEqual([401, 'bad_signature'])
    const nonce = randomBytes(16).toString('hex')
    expect((await stranger.get('/channels', { signing: { nonce } })).status).toBe(200)
    const again = await stranger.get('/channels', { signing: { nonce } })
    expect([again.status, again.json.code]).toEqual([401, 'replayed_nonce'])
    const socket = await stranger.openSocket()
    await expect(openWith(world.relay.url, socket.credential)).resolves.toBe(401)
    socket.close()
    const reply = await stranger.post('/reply', { channelId: webhook.id, content: 'not mine' })
    expect([reply.status, reply.json.code]).toEqual([404, 'channel_not_found'])
    expect((await stranger.patch(`/channels/${webhook.id}`, { enabled: false })).status).toBe(404)
    expect((await stranger.del(`/channels/${webhook.id}`)).status).toBe(404)
    const taken = await stranger.post('/channels', { id: webhook.id, type: 'webhook' })
    expect([taken.status, taken.json.code]).toEqual([409, 'channel_exists'])
  })

  it('client:ARC8, CAT2 scripts in content, names and file names stay words; nothing runs and nothing leaves the browser', async () => {
    const popup = await openPopup(world.chromium)
    const requests: string[] = []
    popup.on('request', (request) => {
      if (!/^(chrome-extension|blob):/.test(request.url())) requests.push(request.url())
    })
    await popup.evaluateOnNewDocument(() => {
      Object.assign(globalThis, { hit: 0 })
    })
    const attacks = [
      '<script>hit=1</script>',
      '<img src=x onerror="hit=1">',
      '![x](http://127.0.0.1:1/pixel.png)',
      '[click](javascript:hit=1) <a href="javascript:hit=1">x</a>',
      '<svg onload="hit=1"><style>*{background:url(http://127.0.0.1:1/css)}</style></svg>',
      '<iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
      '<form action="http://127.0.0.1:1/"><input autofocus onfocus="hit=1"></form>',
      '```html\n<script>hit=1</script>\n```',
    ]
    for (const attack of attacks)
      expect((await post(JSON.stringify({ text: attack, from: '<b onclick=hit=1>Eve</b>' }), json)).status).toBe(200)
    const form = new FormData()
    form.set('note', 'with a file')
    form.set(
      'file',
      new Blob(['<svg xmlns="http://www.w3.org/2000/svg" onload="hit=1"/>'], { type: 'image/svg+xml' }),
      '../../evil\u202Egnp.svg<script>',
    )
    expect((await fetch(address, { method: 'POST', body: form })).status).toBe(200)
    await popup.reload()
    await seeText(popup, 'with a file')
    await popup.locator('a.row').click()
    await seeText(popup, '<script>hit=1</script>')
    await popup.waitForFunction((count) => document.querySelectorAll('.thread .msg').length >= count, {}, attacks.length)
    expect(await popup.evaluate(() => (globalThis as unknown as { hit: number }).hit)).toBe(0)
    expect(
      await popup.$$eval('.thread', (threads) =>
        threads.flatMap((thread) =>
          [
            ...thread.querySelectorAll(
              'script, iframe, form:not(.composer), img[src^=http], [onerror], [onload], [onclick], [onfocus], a[href^=javascript]',
            ),
          ].map((found) => found.outerHTML),
        ),
      ),
    ).toEqual([])
    expect(requests).toEqual([])
    const [file] = (await readStore<{ attachments: { filename: string; kind: string }[] }>(popup, 'messages')).flatMap(
      (row) => row.attachments,
    )
    expect(file?.kind).toBe('file')
    expect(file?.filename).not.toMatch(/[/\\\u202e]/)
  })

  it('client:PIN4, SOC3 a relay that answers with another key is blocked, and comes back only with its own', async () => {
    const before = await countStore(page, 'messages')
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const opening = indexedDB.open('chaos-relay')
          opening.onsuccess = () => {
            const transaction = opening.result.transaction('pins', 'readwrite')
            const store = transaction.objectStore('pins')
            const reading = store.get('default')
            // Another point of the curve: what a man in the middle would have.
            reading.onsuccess = () =>
              store.put({
                ...reading.result,
                key: {
                  ...reading.result.key,
                  x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
                  y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
                },
              })
            transaction.oncomplete = () => {
              opening.result.close()
              resolve()
            }
          }
        }),
    )
    await world.relay.restart('SIGKILL')
    await eventually(
      page,
      async () => {
        const [connection] = await readStore<{ state: string }>(page, 'connections')
        return connection?.state !== 'connected' ? true : connection?.state
      },
      'the connection to be refused',
      90_000,
    )
    expect((await post('while blocked')).status).toBe(200)
    expect(await countStore(page, 'messages')).toBe(before)
  })
})

/** The status of a handshake with a ticket that was used before. */
async function openWith(url: string, ticket: string): Promise<number | undefined> {
  const { default: WebSocket } = await import('ws')
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, ['chaos.v2', `ticket.${ticket}`])
    socket.on('unexpected-response', (_request, answer) => resolve(answer.statusCode))
    socket.on('open', () => resolve(101))
    socket.on('error', () => {})
  })
}
