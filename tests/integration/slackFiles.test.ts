import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SlackRelay, startSlackRelay } from '../fakes/slack/relay.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

describe('files of Slack and the token that fetches them', () => {
  let at: SlackRelay
  /** Somebody else's server, and what it was asked. */
  let stranger: Server
  let strange: string
  let asked: (string | undefined)[]

  beforeEach(async () => {
    at = await startSlackRelay()
    asked = []
    stranger = createServer((request, response) => {
      asked.push(request.headers.authorization)
      response.end(PNG)
    })
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    strange = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/view.png`
  })
  afterEach(async () => {
    stranger.closeAllConnections()
    stranger.close()
    await at.close()
  })

  /** What reading the only file of a message is answered with, once that is settled. */
  async function readFile(message: { id: string; attachments: { id: string }[] }) {
    const path = `/messages/${message.id}/attachments/${message.attachments[0]?.id}`
    let answer = await at.client.get(path)
    while (answer.status === 503) answer = await at.client.get(path)
    return answer
  }

  it.each([
    ['of another server', (url: string) => url],
    ['that only begins like Slack’s', (url: string) => url.replace('127.0.0.1', 'files.slack.com.127.0.0.1.nip.example')],
    ['with Slack’s name as user', (url: string) => url.replace('//', '//files.slack.com@')],
    ['of Slack by plain http', () => 'http://files.slack.com/files-pri/T1-F1/view.png'],
    ['of another port at Slack', () => 'https://files.slack.com:8443/files-pri/T1-F1/view.png'],
    ['of another scheme', () => 'file:///etc/hostname'],
  ])('relay:ATT6 the token is not shown to an address %s', async (_, forge) => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const url_private = forge(strange)
    const file = { id: 'F0FORGED', name: 'view.png', mimetype: 'image/png', size: PNG.length, mode: 'hosted', url_private }
    const message = {
      type: 'message',
      subtype: 'file_share',
      channel: user.direct.id,
      channel_type: 'im',
      user: user.id,
      text: 'look',
    }
    at.slack.emit({ ...message, ts: at.slack.nextTs(), files: [file] })
    const answer = await readFile(await inbox.next())
    expect([answer.status, answer.json.code]).toEqual([410, 'attachment_gone'])
    expect(asked).toEqual([])
  })

  it('relay:ATT6 no redirect is followed, wherever it leads', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    at.slack.faults.next('download', { kind: 'http', status: 302, headers: { location: strange } })
    user.send('look', { files: [{ bytes: PNG, name: 'view.png', mimetype: 'image/png' }] })
    expect((await readFile(await inbox.next())).status).toBe(410)
    expect(asked).toEqual([])
  })

  it('relay:ATT6 a login page is not taken for the file', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const page = { kind: 'http', status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<html>' } as const
    at.slack.faults.next('download', page)
    user.send('look', { files: [{ bytes: PNG, name: 'view.png', mimetype: 'image/png' }] })
    expect((await readFile(await inbox.next())).status).toBe(410)
  })

  it('relay:ATT5, ATT6 what fails for now is fetched when somebody asks', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    at.slack.faults.next('download', { kind: 'http', status: 503 })
    user.send('look', { files: [{ bytes: PNG, name: 'view.png', mimetype: 'image/png' }] })
    const answer = await readFile(await inbox.next())
    expect([answer.status, answer.bytes]).toEqual([200, PNG])
  })

  it('relay:ATT1 a file that is larger than Slack said is cut off and gone', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const body = 'x'.repeat(6 * 1024 * 1024)
    at.slack.faults.next('download', { kind: 'http', status: 200, body })
    user.send('look', { files: [{ bytes: PNG, name: 'view.png', mimetype: 'image/png' }] })
    expect((await readFile(await inbox.next())).status).toBe(410)
  })
})
