import type { Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_KEY } from '../support/admin.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { openBrowser, type PageLook, sideScroll, signInOn } from '../support/browser/relayPages.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { createWebhook, NO_LIMITS, type TestWebhook } from '../support/webhook.ts'

const ENV = {
  CHAOS_ADMIN_KEY: ADMIN_KEY,
  CHAOS_RATE_LIMITS: NO_LIMITS.CHAOS_RATE_LIMITS.replace('{', '{"adminLogin":{"limit":0,"windowSec":1},'),
}
const ATTACK = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload="window.hacked=1">`

describe('the dashboard in Chromium', () => {
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let relay: TestRelay
  let client: Awaited<ReturnType<TestRelay['client']>>
  let webhook: TestWebhook
  const pages: Page[] = []
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    relay = await startRelay({ env: ENV })
    client = await relay.client()
    webhook = await createWebhook(client, { name: 'build' })
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close()
    await relay.close()
  })

  async function open(look?: PageLook) {
    const page = await browser.page(look)
    pages.push(page)
    return page
  }
  async function signedIn(look?: PageLook) {
    const page = await open(look)
    await signInOn(page, relay.url)
    await isLive(page)
    return page
  }
  const isLive = (page: Page) => page.waitForSelector('#live[data-state="live"]')
  const seen = (page: Page, text: string) =>
    page.waitForFunction((wanted) => document.body.innerText.includes(wanted), { polling: 'mutation' }, text)
  const atPath = (page: Page, path: string) => page.waitForFunction((wanted) => location.pathname === wanted, {}, path)
  const sessionPath = () => `/admin/sessions/${client.userId}`

  it('relay:ADM2 by keyboard: a wrong password is told and can be typed over, the right one opens the dashboard', async () => {
    const page = await open()
    await page.goto(`${relay.url}/admin`)
    await atPath(page, '/admin/login')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('password')
    await page.keyboard.type('wrong')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[role=alert]')
    expect(await page.$eval('[role=alert]', (alert) => alert.textContent)).toContain('Invalid password')
    expect(await page.$eval('#password', (field) => field.getAttribute('aria-invalid'))).toBe('true')
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.type(ADMIN_KEY)
    await page.keyboard.press('Enter')
    await atPath(page, '/admin')
    await isLive(page)
    expect(await page.evaluate(() => document.cookie)).toBe('')
    await page.locator('::-p-text(Sign out)').click()
    await atPath(page, '/admin/login')
    await page.goto(`${relay.url}/admin`)
    await atPath(page, '/admin/login')
    expect(page.troubles.filter((trouble) => !trouble.includes('401'))).toEqual([])
  })

  it('relay:ADM6 what happens shows by itself; scrolling, focus and selection stay', async () => {
    for (let n = 0; n < 30; n++) await webhook.say(`early ${n}`)
    const page = await signedIn({ height: 500 })
    await seen(page, 'early 29')
    await page.evaluate(() => {
      const link = document.querySelector<HTMLAnchorElement>('[aria-labelledby=recent] li:nth-child(5) a')
      link?.focus()
      link?.scrollIntoView({ block: 'center' })
      Object.assign(globalThis, { link, card: document.querySelector('.cards li'), place: link?.getBoundingClientRect().top })
    })
    await webhook.say('a new one')
    await seen(page, 'a new one')
    const after = await page.evaluate(() => {
      const { link, card, place } = globalThis as unknown as { link: HTMLElement; card: HTMLElement; place: number }
      return {
        focus: document.activeElement === link,
        sameCard: card === document.querySelector('.cards li'),
        moved: Math.abs(link.getBoundingClientRect().top - place),
        first: document.querySelector('[aria-labelledby=recent] li')?.textContent?.includes('a new one'),
      }
    })
    expect(after).toEqual({ focus: true, sameCard: true, moved: expect.any(Number), first: true })
    expect(after.moved).toBeLessThan(2)
    const socket = await client.openResumed()
    await seen(page, '1 socket')
    await socket.close()
    await seen(page, 'Nobody is connected')
    expect(page.troubles).toEqual([])
  })

  it('relay:ADM6 times are those of the reader’s clock, from the first look on', async () => {
    await webhook.say('when was this?')
    const [{ timestamp }] = (await client.get('/messages')).json.messages
    const page = await open()
    await page.emulateTimezone('Asia/Kolkata')
    await signInOn(page, relay.url)
    await isLive(page)
    const shown = await page.$eval('[aria-labelledby=recent] time', (time) => [time.dateTime, time.textContent])
    const local = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Asia/Kolkata' }).format(new Date(timestamp))
    expect(shown).toEqual([timestamp, local])
    await webhook.say('and this?')
    await seen(page, 'and this?')
    expect(await page.$$eval('time', (times) => times.filter(({ textContent }) => textContent?.includes('UTC')).length)).toBe(0)
  })

  it('relay:ADM6 says when the relay does not answer, and goes on when it does', async () => {
    const page = await signedIn()
    await page.setOfflineMode(true)
    await page.waitForSelector('#live[data-state="lost"]')
    expect(await page.$eval('#live', (state) => (state as HTMLElement).innerText)).toContain('does not answer')
    await page.setOfflineMode(false)
    await webhook.say('after the gap')
    await isLive(page)
    await seen(page, 'after the gap')
  })

  it('relay:ADM5 when the cookie ends, the page goes to sign in', async () => {
    const page = await signedIn()
    await relay.restart({ ...ENV, CHAOS_ADMIN_KEY: 'another password' })
    await atPath(page, '/admin/login')
  })

  it('relay:ADM7, ADM8 by keyboard through the pages of a session to its deletion', async () => {
    for (let n = 0; n < 60; n++) await webhook.say(`number ${n}`)
    const page = await signedIn()
    await page.focus(`a[href="${sessionPath()}"]`)
    await page.keyboard.press('Enter')
    await seen(page, 'number 59')
    const read = () => page.$$eval('[aria-labelledby=messages] .text', (texts) => texts.map(({ textContent }) => textContent))
    const found = await read()
    while (await page.$('a[href*="cursor="]')) {
      await page.focus('a[href*="cursor="]')
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
      found.push(...(await read()))
    }
    expect(found).toEqual(Array.from({ length: 60 }, (_, n) => `number ${59 - n}`))
    await page.focus('.danger a')
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    await seen(page, '60 messages that nobody has fetched')
    await page.focus('.question-actions a')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Delete session')
    await page.keyboard.press('Enter')
    await seen(page, `Session ${client.userId.slice(0, 8)} was deleted`)
    await seen(page, 'No sessions yet')
    expect(await relay.relay.store.sessions.byUserId(client.userId)).toBeUndefined()
    expect(page.troubles).toEqual([])
  })

  it('relay:ADM8 works without scripts too', async () => {
    const page = await open({ javaScript: false })
    await signInOn(page, relay.url)
    await page.goto(`${relay.url}${sessionPath()}/delete`)
    await Promise.all([page.waitForNavigation(), page.click('.btn-danger')])
    expect(new URL(page.url()).pathname).toBe('/admin')
    expect(await relay.relay.store.sessions.byUserId(client.userId)).toBeUndefined()
  })

  it('relay:ADM9 names, senders and texts that attack do nothing', async () => {
    await client.patch(`/channels/${webhook.id}`, { name: ATTACK.slice(0, 100), allowedUsers: [ATTACK], agentId: ATTACK })
    const page = await signedIn()
    await webhook.json({ content: ATTACK, from: ATTACK.slice(0, 128) })
    await seen(page, '<script>window.hacked=1</script>')
    await page.goto(`${relay.url}${sessionPath()}`)
    await isLive(page)
    await webhook.json({ content: `again ${ATTACK}` })
    await seen(page, 'again "><img')
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false)
    expect(await page.$$eval('main img, main script, main svg[onload]', (found) => found.length)).toBe(0)
    expect(page.troubles).toEqual([])
  })

  it('relay:ADM9 even markup that got in would run nothing', async () => {
    const page = await signedIn()
    await page.evaluate((attack) => {
      document.querySelector('main')?.insertAdjacentHTML('beforeend', attack)
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hacked=1' }))
    }, ATTACK)
    await webhook.say('one more look')
    await seen(page, 'one more look')
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false)
    expect(page.troubles.join()).toContain('Content Security Policy')
  })

  it('relay:ADM9 is readable for everybody: light and dark, from 360 to 1400 px, full and empty', async () => {
    for (let n = 0; n < 30; n++)
      await createWebhook(client, { name: n % 2 ? `channel ${n}` : 'a very long name that does not want to end '.repeat(2) })
    await webhook.json({ content: 'w'.repeat(4000), from: 'f'.repeat(128) })
    const empty = await startRelay({ env: ENV })
    try {
      for (const look of [{ width: 360 }, { width: 700, dark: true }, { width: 1081 }, { width: 1400, dark: true }]) {
        const page = await signedIn(look)
        for (const path of ['/admin', sessionPath(), `${sessionPath()}/delete`, '/admin/sessions/nobody']) {
          await page.goto(relay.url + path)
          expect(await sideScroll(page), `${path} at ${look.width}`).toEqual([])
          expect(await seriousFindings(page), `${path} at ${look.width}`).toEqual([])
        }
        const bare = await open(look)
        await signInOn(bare, empty.url)
        await seen(bare, 'No sessions yet')
        expect([await sideScroll(bare), await seriousFindings(bare)]).toEqual([[], []])
      }
    } finally {
      await empty.close()
    }
  })
})
