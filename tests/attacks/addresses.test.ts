import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Lookup } from '../../server/http/publicFetch.ts'
import { startDiscordRelay } from '../fakes/discord/relay.ts'
import { startEmailRelay } from '../fakes/resend/withRelay.ts'
import { startSlackRelay } from '../fakes/slack/relay.ts'
import { startTelegramRelay } from '../fakes/telegram/relay.ts'
import type { TestClient } from '../support/client.ts'
import { createLogLines } from '../support/logLines.ts'
import { startRelay } from '../support/relay.ts'

type Message = { id: string; attachments: { id: string }[] }

/** Why the relay did not connect, in its log. */
const NOT_PUBLIC = /not one of the internet/

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

  /** Notes what is fetched. */
  function watched() {
    const asked: string[] = []
    const watchedFetch: typeof fetch = (input, init) => {
      asked.push(new URL(String(input)).origin)
      return fetch(input, init)
    }
    return { asked, fetch: watchedFetch }
  }

  /** Addresses that look like a file host's, and lead inside or nowhere. */
  const hostileLinks = (host: string) => [
    `${inner.url}/x`,
    `http://localhost:${inner.port}/x`,
    `http://[::ffff:127.0.0.1]:${inner.port}/x`,
    `http://2130706433:${inner.port}/x`,
    `https://${host}@127.0.0.1:${inner.port}/x`,
    `https://${host}%2f@127.0.0.1:${inner.port}/x`,
    `https://127.0.0.1:${inner.port}\\@${host}/x`,
    `http://127.0.0.1:${inner.port}/.${host}`,
    `https://${host}.127.0.0.1.nip.example:${inner.port}/x`,
    `https://not${host}/x`,
    `http://${host}/x`,
    `https://${host}:${inner.port}/x`,
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'data:text/plain,x',
    '//127.0.0.1/x',
    'not an address',
  ]

  /** What reading a file is answered with, once that is settled. */
  async function readFile(client: TestClient, message: Message) {
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
    const { asked, fetch } = watched()
    const at = await startEmailRelay({ fetch })
    undo.push(() => at.close())
    const { inboundAddress } = await at.verifiedChannel()
    const links = hostileLinks('resend.com').filter((link) => !link.startsWith('https://resend.com:'))
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

  it('relay:ATT6 wherever Discord says that a file lies, only its API and its file hosts are asked', async () => {
    const { asked, fetch } = watched()
    const at = await startDiscordRelay({ fetch })
    undo.push(() => at.close())
    const { user } = await at.paired()
    const inbox = await at.inbox()
    for (const [index, url] of hostileLinks('cdn.discordapp.com').entries()) {
      const file = { id: String(index + 1), filename: 'x', size: 1, url, proxy_url: url }
      user.send('look', { more: { attachments: [file] } })
      expect(await readFile(at.client, await inbox.next()), url).toEqual([410, 'attachment_gone'])
    }
    expect(new Set(asked)).toEqual(new Set([new URL(at.discord.apiRoot).origin]))
    expect(inner.asked).toEqual([])
  })

  it('relay:ATT6 wherever Slack says that a file lies, the token goes to Slack alone', async () => {
    const { asked, fetch } = watched()
    const at = await startSlackRelay({ fetch })
    undo.push(() => at.close())
    const { user } = await at.paired()
    const inbox = await at.inbox()
    for (const url of hostileLinks('files.slack.com')) {
      user.send('look', { files: [{ bytes: Buffer.from('x'), name: 'x', mimetype: 'text/plain', at: url }] })
      expect(await readFile(at.client, await inbox.next()), url).toEqual([410, 'attachment_gone'])
    }
    expect(new Set(asked)).toEqual(new Set([new URL(at.slack.apiRoot).origin]))
    expect(inner.asked).toEqual([])
  })
})

describe('a file host whose name leads inside', () => {
  /** Names that lead outside when they are asked for the first time, and inside ever after. */
  function rebinding(first: string[]) {
    const asked: string[] = []
    const lookup: Lookup = async (hostname) => {
      asked.push(hostname)
      const addresses = asked.length === 1 ? first : ['127.0.0.1']
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    }
    const lines = createLogLines()
    return { asked, lines, given: { lookup, log: lines.log } }
  }

  /** Reads a file until the relay has refused to connect; it stays one that may still come. Of no other host was the address asked for. */
  async function refused(names: ReturnType<typeof rebinding>, host: string, client: TestClient, message: Message) {
    const path = `/messages/${message.id}/attachments/${message.attachments[0]?.id}`
    expect((await client.get(path)).json?.code).toBe('attachment_pending')
    await expect
      .poll(() => names.lines.parsed().filter(({ msg }) => msg === 'a file could not be fetched'))
      .toContainEqual(
        expect.objectContaining({ permanent: false, err: expect.objectContaining({ message: expect.stringMatching(NOT_PUBLIC) }) }),
      )
    expect((await client.get(path)).json?.code).toBe('attachment_pending')
    expect(new Set(names.asked)).toEqual(new Set([host]))
  }

  it.each([['127.0.0.1'], ['::ffff:127.0.0.1'], ['::1'], ['10.0.0.1'], ['1.1.1.1', '127.0.0.1']])(
    'relay:ATT6 Discord’s at %s is not connected to',
    async (...first) => {
      const names = rebinding(first)
      const at = await startDiscordRelay(names.given)
      undo.push(() => at.close())
      const { user } = await at.paired()
      const inbox = await at.inbox()
      const url = 'https://cdn.discordapp.com/attachments/1/1/x'
      user.send('look', { more: { attachments: [{ id: '1', filename: 'x', size: 1, url, proxy_url: url }] } })
      await refused(names, 'cdn.discordapp.com', at.client, await inbox.next())
    },
  )

  it('relay:ATT6 Slack’s is not connected to, and gets no token', async () => {
    const names = rebinding(['127.0.0.1'])
    const at = await startSlackRelay(names.given)
    undo.push(() => at.close())
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const file = { bytes: Buffer.from('x'), name: 'x', mimetype: 'text/plain', at: 'https://files.slack.com/x' }
    user.send('look', { files: [file] })
    await refused(names, 'files.slack.com', at.client, await inbox.next())
  })

  it('relay:ATT6 Resend’s is not connected to', async () => {
    let connections = 0
    const server = createServer().on('connection', (socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    undo.push(() => server.close())
    const { port } = server.address() as AddressInfo
    const names = rebinding(['127.0.0.1'])
    const at = await startEmailRelay(names.given)
    undo.push(() => at.close())
    const { inboundAddress } = await at.verifiedChannel()
    const file = { bytes: Buffer.from('x'), download_url: `https://files.resend.com:${port}/x` }
    expect(await at.announce(at.resend.receive({ to: [inboundAddress], files: [file] }))).toEqual([200])
    await refused(names, 'files.resend.com', at.client, (await at.messages()).at(-1))
    expect(connections).toBe(0)
  })
})
