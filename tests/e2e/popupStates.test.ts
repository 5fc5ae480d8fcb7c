import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connection } from '../../lib/relay/state.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { seeText } from '../support/browser/extension.ts'
import { ada, connection, inbox, NOW } from '../support/browser/previewData.ts'
import { addRows } from '../support/browser/stageRows.ts'
import { callsOf, type OpenStage, openStage } from '../support/browser/uiPreview.ts'

const ADA = '#/conversation/tg%3A1'
let stage: OpenStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const rows = (over: Partial<Connection>) => [{ ...inbox, connections: [connection(over)] }, ada]

const states: { rule: string; over: Partial<Connection>; says: string[]; offers?: string }[] = [
  { rule: 'client:SOC3', over: { state: 'connecting' }, says: ['Connecting'] },
  { rule: 'client:SOC3', over: { state: 'catching_up', behind: 12 }, says: ['Catching up, 12 messages to go'] },
  { rule: 'client:SOC3', over: { state: 'connected' }, says: ['Connected'] },
  {
    rule: 'client:SOC3',
    over: { state: 'reconnecting', since: NOW, retryAt: NOW + 4_000 },
    says: ['Reconnecting in 4 s'],
    offers: 'Try now',
  },
  {
    rule: 'client:HTE1',
    over: { state: 'reconnecting', since: NOW, retryAt: NOW + 30_000, reason: 'Relay did not respond within 15 s (GET /health)' },
    says: ['Reconnecting in 30 s', 'Relay did not respond within 15 s (GET /health)'],
    offers: 'Try again',
  },
  { rule: 'client:SOC9', over: { state: 'stopped' }, says: ['Disconnected', 'New messages wait on the relay.'], offers: 'Connect' },
  {
    rule: 'client:PIN4',
    over: { state: 'blocked' },
    says: ['Blocked', 'The relay’s key has changed. Nothing is sent or accepted.'],
    offers: 'Compare keys',
  },
  { rule: 'client:CSG4', over: { state: 'auth_error', reason: 'Register again.' }, says: ['Sign-in refused', 'Register again.'] },
  { rule: 'client:IDN3', over: { state: 'identity_lost' }, says: ['Identity lost', 'The key of this browser is gone.'] },
  {
    rule: 'client:SOC13',
    over: { polling: true, state: 'reconnecting' },
    says: ['Polling every 60 s', 'Messages still arrive, up to a minute late.'],
    offers: 'Find the cause',
  },
  {
    rule: 'client:CDD10',
    over: { storageFull: true },
    says: ['Storage full', 'New messages wait on the relay until there is room.'],
    offers: 'Clean up',
  },
]

describe('the connection in words', () => {
  for (const { rule, over, says, offers } of states)
    it(`${rule} ${over.state ?? 'connected'}: ${says.at(-1)}`, async () => {
      const page = await stage.set({ rows: rows(over) })
      for (const words of says) await seeText(page, words, 5_000)
      if (offers) expect(await page.$(`button::-p-text(${offers})`)).not.toBeNull()
      expect(await seriousFindings(page)).toEqual([])
    })

  it('client:SOC3 is followed within a second, and a new block is said at once', async () => {
    const page = await stage.set({ rows: rows({}) })
    await seeText(page, 'Connected')
    await addRows(page, { connections: [connection({ state: 'blocked' })] })
    await page.evaluate(() => new BroadcastChannel('chaos-changes').postMessage({ topic: 'connection', profileId: 'default' }))
    await seeText(page, 'The relay’s key has changed.', 1_000)
    expect(await page.$eval('.banner-fail', (banner) => banner.getAttribute('role'))).toBe('alert')
  })

  it('client:SOC6 "Try now" tries at once', async () => {
    const page = await stage.set({ rows: rows({ state: 'reconnecting', since: NOW, retryAt: NOW + 4_000 }) })
    await page.locator('button::-p-text(Try now)').click()
    expect((await callsOf(page)).at(-1)).toEqual({ name: 'connection.reconnect', input: { profileId: 'default' } })
  })

  it('offline says what waits', async () => {
    const page = await stage.set({ rows: rows({ state: 'reconnecting' }), offline: true })
    await seeText(page, 'You are offline. 1 reply waits here until you are back.')
  })

  it('client:SOC3, SOC8 a relay on this computer is reached offline as well, and nothing else is said', async () => {
    const page = await stage.set({ rows: rows({ state: 'connected', local: true }), offline: true })
    await page.waitForFunction(() => !navigator.onLine)
    await seeText(page, 'Connected')
    expect(await page.evaluate(() => document.body.innerText)).not.toContain('offline')
  })

  it('a conversation has no header state, so it shows the wait as a strip', async () => {
    const page = await stage.set({ rows: rows({ state: 'reconnecting', since: NOW, retryAt: NOW + 4_000 }), hash: ADA })
    await seeText(page, 'Reconnecting in 4 s. Replies you send now wait here.')
  })

  it('client:CDD14 data that cannot be opened says so', async () => {
    const page = await stage.set({ rows: [inbox], newer: true })
    await seeText(page, 'The stored messages could not be opened; nothing was changed. Update again.')
  })
})

describe('every size', () => {
  for (const [width, height] of [
    [320, 600],
    [380, 600],
    [1000, 700],
  ] as const)
    it(`client:UIX1 nothing is cut off sideways at ${width} px`, async () => {
      for (const hash of ['', ADA]) {
        const page = await stage.set({ rows: rows({}), hash, width, height })
        await page.waitForSelector(hash ? 'textarea' : '.row')
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      }
    })

  it('client:UIX1 works at 200 % zoom, where header and list scroll as one', async () => {
    const page = await stage.set({ rows: rows({}), width: 380, height: 300 })
    await page.waitForSelector('a.row')
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('.panel-list .scroll') as Element).overflowY)).toBe(
      'visible',
    )
  })
})
