import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmailRelay } from '../fakes/resend/withRelay.ts'
import { startTelegramRelay } from '../fakes/telegram/relay.ts'
import type { TestClient } from '../support/client.ts'
import { startRelay } from '../support/relay.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A server that answers everything in the same way, and what it was asked. */
async function startServer(status: number, headers: Record<string, string> = {}) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    request.resume()
    response.writeHead(status, headers).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  undo.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, asked }
}

/** Somebody inside the network whom nobody outside may ask anything. */
let inner: Awaited<ReturnType<typeof startServer>>
beforeEach(async () => {
  inner = await startServer(200)
})

const REGISTRATIONS: [string, Record<string, unknown>][] = [
  ['/channels/telegram/register', { botToken: '7000001:AAE-a_token_of_a_bot_0123456789abcdef' }],
  ['/channels/discord/register', { botToken: 'MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.0123456789abcdefghijklmnop' }],
  ['/channels/slack/register', { botToken: 'xoxb-1-2-abcdef', appToken: 'xapp-1-A1-3-abcdef' }],
  ['/channels/email/register', { userEmail: 'ada@example.com' }],
]

describe('whom the relay asks', () => {
  it.each([301, 302, 303, 307, 308])('relay:ATT6 a platform that answers %i sends it nowhere else', async (status) => {
    const platform = await startServer(status, { location: `${inner.url}/latest/meta-data` })
    const relay = await startRelay({
      env: {
        CHAOS_TELEGRAM_API_ROOT: platform.url,
        CHAOS_DISCORD_API_ROOT: platform.url,
        CHAOS_SLACK_API_ROOT: platform.url,
        CHAOS_RESEND_API_ROOT: platform.url,
        CHAOS_EMAIL_DOMAIN: 'mail.example.org',
        RESEND_API_KEY: 're_0123456789abcdef',
      },
    })
    undo.push(() => relay.close())
    const client = await relay.client()
    for (const [target, body] of REGISTRATIONS) {
      const before = platform.asked.length
      const answer = await client.post(target, body)
      expect([answer.status, answer.json.code], `${target}: ${answer.text}`).toEqual([400, expect.stringMatching(/^provider_/)])
      expect(platform.asked.length).toBeGreaterThan(before)
    }
    expect(inner.asked).toEqual([])
  })

  /** What reading a file is answered with, once that is settled. */
  async function readFile(client: TestClient, message: { id: string; attachments: { id: string }[] }) {
    const path = `/messages/${message.id}/attachments/${message.attachments[0]?.id}`
    let answer = await client.get(path)
    while (answer.status === 503) answer = await client.get(path)
    return [answer.status, answer.json?.code]
  }

  it('relay:ATT6 wherever Telegram says that a file lies, only Telegram is asked, below the path of files', async () => {
    const asked: string[] = []
    const at = await startTelegramRelay({
      fetch(input, init) {
        asked.push(String(input))
        return fetch(input, init)
      },
    })
    undo.push(() => at.close())
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const paths = [
      `${inner.url}/x`,
      `//127.0.0.1:${inner.port}/x`,
      `@127.0.0.1:${inner.port}/x`,
      '../../bot1:x/getMe',
      '..%2f..%2fetc/passwd',
      '..\\..\\x',
      'documents/a?b=c#d',
      'documents/\r\nHost: x',
    ]
    for (const path of paths) {
      user.sendDocument({ bytes: Buffer.from('x'), filename: 'x' })
      const [stored] = [...at.telegram.bot.files.values()].slice(-1)
      if (stored) stored.file.file_path = path
      const [status] = await readFile(at.client, await inbox.next())
      expect([200, 410], path).toContain(status)
    }
    const files = `${at.telegram.apiRoot}/file/bot${at.telegram.bot.token}/`
    for (const url of asked.filter((url) => !url.startsWith(`${at.telegram.apiRoot}/bot${at.telegram.bot.token}/`))) {
      expect(url.startsWith(files), url).toBe(true)
      expect(new URL(url).href, 'no part of it leads elsewhere').toBe(url)
    }
    expect(inner.asked).toEqual([])
  })

  it('relay:ATT6 wherever Resend says that a file lies, only its API and its file hosts are asked', async () => {
    const asked: string[] = []
    const at = await startEmailRelay({
      fetch(input, init) {
        asked.push(new URL(String(input)).origin)
        return fetch(input, init)
      },
    })
    undo.push(() => at.close())
    const { inboundAddress } = await at.verifiedChannel()
    const links = [
      `${inner.url}/x`,
      `http://localhost:${inner.port}/x`,
      `http://[::ffff:127.0.0.1]:${inner.port}/x`,
      `http://2130706433:${inner.port}/x`,
      `http://resend.com@127.0.0.1:${inner.port}/x`,
      `http://127.0.0.1:${inner.port}/.resend.com`,
      `https://resend.com.127.0.0.1.nip.example:${inner.port}/x`,
      'https://notresend.com/x',
      'http://169.254.169.254/latest/meta-data',
      'http://files.resend.com/x',
      'file:///etc/passwd',
      'data:text/plain,x',
      'not an address',
    ]
    for (const [index, download_url] of links.entries()) {
      const file = { bytes: Buffer.from('x'), download_url }
      const mail = at.resend.receive({ to: [inboundAddress], message_id: `<${index}@x>`, files: [file] })
      expect(await at.announce(mail)).toEqual([200])
      const message = (await at.messages()).at(-1)
      expect(await readFile(at.client, message), download_url).toEqual([410, 'attachment_gone'])
    }
    expect(new Set(asked)).toEqual(new Set([at.resend.apiRoot]))
    expect(inner.asked).toEqual([])
  })
})
