import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OldRelay, startOldRelay } from '../fakes/oldRelay/fake.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { type Chromium, launchChromium } from '../support/browser/chromium.ts'
import { readStore } from '../support/browser/database.ts'
import { doctorLines } from '../support/browser/doctorPage.ts'
import { openOptions, seeText } from '../support/browser/extension.ts'
import { ask, connectionIs, eventually } from '../support/browser/world.ts'
import { spawnRelay } from '../support/relayProcess.ts'

let relay: OldRelay
let chromium: Chromium
let page: Page
const profileId = 'default'

beforeAll(async () => {
  relay = await startOldRelay()
  chromium = await launchChromium({ relayPort: relay.port })
  page = await openOptions(chromium, '#/connection')
})
afterAll(async () => {
  await chromium.close()
  await relay.close()
})

const press = (name: string, within = '') => page.locator(`${within} ::-p-aria([name="${name}"][role="button"])`).click()
const contents = async () =>
  (await readStore<{ content: string; at: number }>(page, 'messages')).sort((a, b) => a.at - b.at).map(({ content }) => content)
const hold = (wanted: string[]) =>
  eventually(page, async () => JSON.stringify(await contents()) === JSON.stringify(wanted) || contents(), `${wanted}`)
const reply = (content: string) =>
  ask<{ clientId: string }>(page, 'inbox', 'send', { profileId, conversationId: 'hook', content, attachments: [] })
const stateOf = async (clientId: string) =>
  (await readStore<{ clientId: string; state: string; reason?: string }>(page, 'replies')).find((one) => one.clientId === clientId)
const settled = (clientId: string, state: string) =>
  eventually(page, async () => (await stateOf(clientId))?.state === state || stateOf(clientId), `the reply to be ${state}`)

describe('a relay from before server keys, tickets and positions', () => {
  it('client:LEG1 is not used before it was agreed to, and nothing is sent to it', async () => {
    await seeText(page, 'The relay at this address is older than this extension.')
    expect(new Set(relay.asked)).toEqual(new Set(['GET /health']))
    expect(await readStore(page, 'sessions')).toEqual([])
    expect(await seriousFindings(page)).toEqual([])
    await press('Use it all the same')
    await page.waitForSelector('dialog[open]')
    await seeText(page, 'somebody between you and it could read along')
    await press('Cancel', 'dialog')
    await page.waitForSelector('dialog', { hidden: true })
    expect(relay.asked).not.toContain('POST /auth/register')
  })

  it('client:LEG1, CSG5 once agreed: old signatures, the token in the address, no pin, and the status says so', async () => {
    relay.deliver('from before', 1, Date.now() - 3_600_000)
    await press('Use it all the same')
    await page.waitForSelector('dialog[open]')
    await press('Use it all the same', 'dialog')
    await connectionIs(page, 'connected')
    await seeText(page, 'Older relay: reduced protection')
    await hold(['from before'])
    expect(await readStore(page, 'pins')).toEqual([])
    expect(await readStore(page, 'sessions')).toMatchObject([{ older: true, userId: 'old-user' }])
    expect(relay.asked.filter((one) => one.includes('ticket') || one === 'frame ack' || one === 'frame resume')).toEqual([])
  })

  it('client:LEG3, CDD3 a message pushed twice is stored once', async () => {
    relay.deliver('pushed twice', 2)
    relay.deliver('after it')
    await hold(['from before', 'pushed twice', 'after it'])
    expect(await readStore(page, 'quarantine')).toEqual([])
    expect(await readStore(page, 'gaps')).toEqual([])
  })

  it('client:LEG1, LEG3 what no socket told is fetched by time, and what it replays is known', async () => {
    relay.deliver('never pushed', 0)
    const { received } = await ask<{ received: number }>(page, 'connection', 'pollNow', { profileId })
    expect(received).toBe(1)
    await ask(page, 'connection', 'disconnect', { profileId })
    relay.deliver('while away', 0)
    await ask(page, 'connection', 'connect', { profileId })
    await hold(['from before', 'pushed twice', 'after it', 'never pushed', 'while away'])
    await connectionIs(page, 'connected')
  })

  it('client:LEG3 an answer without a name settles the reply that is under way', async () => {
    const [one, two] = [await reply('one'), await reply('two')]
    await settled(one.clientId, 'sent')
    await settled(two.clientId, 'sent')
    expect(relay.replies.map(({ content }) => content)).toEqual(['one', 'two'])
  })

  it('client:CRG3 a token it does not take any more is exchanged for another', async () => {
    relay.revoke()
    await eventually(
      page,
      async () => relay.asked.filter((one) => one === 'POST /auth/register').length === 2 || relay.asked.slice(-6),
      'a second registration',
    )
    await connectionIs(page, 'connected')
    relay.deliver('with the new token')
    await eventually(page, async () => (await contents()).includes('with the new token'), 'the message')
  })

  it('client:LEG1, DOC1 the doctor finds it working and less protected', async () => {
    const doctor = await openOptions(chromium, '#/diagnostics')
    const issues = (await doctorLines(doctor)).filter(({ outcome }) => outcome !== 'ok')
    expect(issues).toMatchObject([
      { check: 'clock', outcome: 'skip' },
      { check: 'features', outcome: 'warn' },
      { check: 'pin', outcome: 'warn', says: 'older relay: reduced protection, nothing is pinned' },
    ])
    await doctor.close()
  })
})

describe('when it is updated', () => {
  it('client:LEG1, PIN1 the relay is pinned at once, without a question; client:LEG2 and an older one is never used again', async () => {
    await relay.close()
    const dataDir = mkdtempSync(join(tmpdir(), 'chaos-relay-'))
    const updated = spawnRelay(['serve', '--port', String(relay.port), '--data-dir', dataDir])
    await updated.listening
    await ask(page, 'connection', 'reconnect', { profileId })
    await eventually(page, async () => (await readStore(page, 'pins')).length === 1, 'the key to be pinned')
    await connectionIs(page, 'connected')
    await seeText(page, 'Messages arrive at once.')
    updated.child.kill('SIGTERM')
    await updated.ended
    rmSync(dataDir, { recursive: true, force: true })
    relay = await startOldRelay({ port: relay.port })
    relay.deliver('from somebody else')
    await ask(page, 'connection', 'reconnect', { profileId })
    await seeText(page, 'never goes on without that protection')
    expect(new Set(relay.asked.filter((one) => one !== 'GET /health'))).toEqual(new Set())
    expect(await contents()).not.toContain('from somebody else')
    // Nor at an address that was never seen before.
    await ask(page, 'connection', 'setRelayUrl', { profileId, url: relay.url })
    await seeText(page, 'never goes on without that protection')
    expect(new Set(relay.asked)).toEqual(new Set(['GET /health']))
    expect(await readStore(page, 'profiles')).toMatchObject([{ pinned: true }])
  })
})
