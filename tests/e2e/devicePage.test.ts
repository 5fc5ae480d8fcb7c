import type { Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTelegramRelay, type TelegramRelay } from '../fakes/telegram/relay.ts'
import { startAttacker } from '../support/browser/attacker.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { openBrowser, type PageLook, sideScroll } from '../support/browser/relayPages.ts'
import { createWebhook, NO_LIMITS } from '../support/webhook.ts'

const ATTACK = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`

describe('the device page in Chromium', () => {
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let at: TelegramRelay
  const pages: Page[] = []
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    at = await startTelegramRelay({ env: NO_LIMITS })
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close()
    await at.close()
  })

  const link = async (): Promise<string> => (await at.client.post('/app/device-link', {})).json.url
  async function visit(look: PageLook = { width: 390, height: 800 }) {
    const page = await browser.page(look)
    pages.push(page)
    return page
  }
  async function opened(look?: PageLook) {
    const page = await visit(look)
    await page.goto(await link())
    await page.waitForSelector('main[data-page=open]:not([inert])')
    return page
  }
  const seen = (page: Page, text: string) =>
    page.waitForFunction((wanted) => document.body.innerText.includes(wanted), { polling: 'mutation' }, text)
  const channel = async (id: string) =>
    (await at.client.get('/channels')).json.channels.find((one: { id: string }) => one.id === id)
  const key = (page: Page, name: 'Enter' | 'Space' | 'Tab') => page.keyboard.press(name)

  it('relay:DEV1 the link opens the channels, and its token is out of the address and the history at once', async () => {
    await createWebhook(at.client, { name: 'build' })
    const page = await visit()
    const asked: string[] = []
    // Puppeteer tells the fragment too, which is never sent.
    page.on('request', (request) => asked.push(request.url().split('#')[0] ?? ''))
    const address = await link()
    const token = address.split('#link=')[1] ?? ''
    await page.goto(address)
    await seen(page, 'build')
    expect(page.url()).toBe(`${at.relay.url}/app`)
    expect(asked.join()).not.toContain(token)
    expect(await page.evaluate(() => document.cookie)).toBe('')
    await page.goto(address)
    await page.waitForSelector('#notice .banner')
    expect(await page.$eval('#notice', (notice) => notice.textContent)).toContain('used already')
    await seen(page, 'build')
    expect(page.url()).toBe(`${at.relay.url}/app`)
  })

  it('relay:DEV1 a used or broken link says what to do; without one the page explains itself', async () => {
    const address = await link()
    const first = await visit()
    await first.goto(address)
    await first.waitForSelector('main[data-page=open]')
    for (const [target, words] of [
      [address, 'Make a new one in the extension'],
      [`${at.relay.url}/app#link=%E0%A4%A`, 'Make a new one in the extension'],
      [`${at.relay.url}/app`, 'Open this page by a link'],
    ] as const) {
      const page = await visit()
      await page.goto(target)
      await seen(page, words)
      expect(await seriousFindings(page)).toEqual([])
    }
  })

  it('relay:DEV2 by keyboard: settings are changed, saved, and what others change does not disturb what is being typed', async () => {
    const { id } = await createWebhook(at.client, { name: 'build' })
    const page = await opened()
    await page.focus('[data-key^=settings] summary')
    await key(page, 'Enter')
    await page.focus(`#name-${id}`)
    await page.keyboard.down('Control')
    await page.keyboard.press('a')
    await page.keyboard.up('Control')
    await page.keyboard.type('nightly build')
    await at.client.patch(`/channels/${id}`, { prompt: 'Be kind.' })
    await page.waitForFunction(
      (field) => (document.getElementById(field) as HTMLTextAreaElement).value === 'Be kind.',
      {},
      `prompt-${id}`,
    )
    expect(
      await page.$eval(`#name-${id}`, (field) => [(field as HTMLInputElement).value, document.activeElement === field]),
    ).toEqual(['nightly build', true])
    await key(page, 'Enter')
    await page.waitForFunction(() => document.getElementById('said')?.textContent?.includes('was saved'))
    expect(await channel(id)).toMatchObject({ name: 'nightly build', prompt: 'Be kind.', agentId: '' })
    await page.waitForFunction(() => document.querySelector('h2')?.textContent === 'nightly build')
    expect(page.troubles).toEqual([])
  })

  it('relay:DEV2 a switch takes effect at once, follows the extension, and goes back when it was refused', async () => {
    const { id } = await createWebhook(at.client, { name: 'build' })
    const page = await opened()
    const isOn = () => page.$eval('[data-instant]', (input) => (input as HTMLInputElement).checked)
    await page.focus('[data-instant]')
    await key(page, 'Space')
    await seen(page, 'Off')
    expect([await isOn(), (await channel(id)).enabled]).toEqual([false, false])
    await at.client.patch(`/channels/${id}`, { enabled: true })
    await page.waitForFunction(() => (document.querySelector('[data-instant]') as HTMLInputElement).checked)
    await page.setOfflineMode(true)
    await key(page, 'Space')
    await page.waitForSelector('[data-complaint]')
    expect(await isOn()).toBe(true)
    await page.waitForSelector('#live[data-state=lost]')
    await page.setOfflineMode(false)
    await page.waitForSelector('#live[data-state=live]')
    expect(await page.$eval('[data-complaint]', (said) => said.textContent)).toContain('does not answer')
    expect((await channel(id)).enabled).toBe(true)
  })

  it('relay:DEV2 a pairing code made on the phone pairs, and stays on the page while the card changes', async () => {
    const { json } = await at.register()
    const page = await opened()
    await seen(page, 'Waiting for the code')
    await page.locator('::-p-text(New pairing code)').click()
    await page.waitForSelector('output')
    const code = await page.$eval('output', (output) => output.textContent ?? '')
    expect(code).toMatch(/^[0-9A-Z]{4} [0-9A-Z]{4}$/)
    expect(code.replace(' ', '')).not.toBe(json.pairingCode)
    at.telegram.user('Ada').send(code)
    await seen(page, 'Working')
    expect(await page.$eval('output', (output) => output.textContent)).toBe(code)
    await page.reload()
    await seen(page, 'Working')
    expect(await page.$('output')).toBeNull()
  })

  it('relay:DEV2 removing asks first and puts the reader back to the top', async () => {
    const { id } = await createWebhook(at.client, { name: 'build' })
    await createWebhook(at.client, { name: 'other' })
    const page = await opened()
    await page.focus(`[data-key="remove-${id}"] summary`)
    await key(page, 'Enter')
    await key(page, 'Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Remove build')
    expect(await channel(id)).toBeDefined()
    await key(page, 'Enter')
    await page.waitForFunction(() => document.getElementById('said')?.textContent === 'build was removed.')
    expect(await channel(id)).toBeUndefined()
    expect(await page.$$eval('h2', (titles) => titles.map(({ textContent }) => textContent))).toEqual(['other'])
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  })

  it('relay:DEV2 a refusal stands beside its form until it is sent again', async () => {
    const { id } = await createWebhook(at.client, { name: 'build' })
    const page = await opened()
    await page.locator('::-p-text(Settings)').click()
    await page.$eval(`#prompt-${id}`, (field) => {
      ;(field as HTMLTextAreaElement).value = 'x'.repeat(9000)
    })
    await page.locator('::-p-text(Save)').click()
    await page.waitForSelector('[data-complaint]')
    await at.client.patch(`/channels/${id}`, { agentId: 'ci' })
    await page.waitForFunction((field) => (document.getElementById(field) as HTMLInputElement).value === 'ci', {}, `agentId-${id}`)
    expect(await page.$$eval('[data-complaint]', (found) => found.length)).toBe(1)
    await page.$eval(`#prompt-${id}`, (field) => {
      ;(field as HTMLTextAreaElement).value = 'short'
    })
    await page.locator('::-p-text(Save)').click()
    await page.waitForFunction(() => document.getElementById('said')?.textContent?.includes('was saved'))
    expect(await page.$('[data-complaint]')).toBeNull()
  })

  it('relay:DEV2 ends with its cookie, by the button or from the relay', async () => {
    const page = await opened()
    await page.locator('::-p-text(Sign out)').click()
    await seen(page, 'Open this page by a link')
    const other = await opened()
    await at.client.register({ revokeOthers: true })
    await seen(other, 'Open this page by a link')
    await other.waitForFunction(() => !document.getElementById('sign-out'))
  })

  it('relay:DEV2 names and prompts that attack do nothing, and another site gets nothing done', async () => {
    const { id } = await createWebhook(at.client, {
      name: ATTACK,
      prompt: `</textarea>${ATTACK}`,
      metadata: { allowedUsers: [ATTACK] },
    })
    const page = await opened()
    await at.client.patch(`/channels/${id}`, { agentId: ATTACK })
    await seen(page, '<script>window.hacked=1</script>')
    await page.waitForFunction(
      (field) => (document.getElementById(field) as HTMLInputElement).value.includes('hacked'),
      {},
      `agentId-${id}`,
    )
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false)
    expect(page.troubles).toEqual([])
    const attacker = await startAttacker()
    try {
      attacker.serve(`<form method="post" action="${at.relay.url}/app/logout"></form><script>document.forms[0].submit()</script>`)
      const answered = page.waitForResponse(`${at.relay.url}/app/logout`)
      await page.goto(attacker.url)
      expect((await answered).status()).toBe(403)
      attacker.serve(`<iframe src="${at.relay.url}/app"></iframe>`)
      await page.goto(attacker.url, { waitUntil: 'networkidle0' })
      const frame = page.frames().find((one) => one !== page.mainFrame())
      expect(await frame?.evaluate(() => document.body?.innerText ?? '')).not.toContain('Channels')
    } finally {
      await attacker.close()
    }
    await page.goto(`${at.relay.url}/app`)
    await page.waitForSelector('main[data-page=open]')
  })

  it('relay:DEV2 is readable for everybody: light and dark, from 320 to 1400 px, full and empty', async () => {
    for (const look of [{ width: 320 }, { width: 1400, dark: true }]) {
      const page = await opened(look)
      await seen(page, 'No channels yet')
      expect([await sideScroll(page), await seriousFindings(page)]).toEqual([[], []])
    }
    await at.paired()
    await createWebhook(at.client, { name: 'w'.repeat(100), prompt: 'words '.repeat(500) })
    await createWebhook(at.client, { type: 'email', name: 'invoices' }).catch(() => {})
    for (const look of [{ width: 320 }, { width: 320, dark: true }, { width: 800 }, { width: 1400, dark: true }]) {
      const page = await opened(look)
      await seen(page, 'ada_relay_bot')
      await page.$$eval('details', (all) => {
        for (const one of all) one.open = true
      })
      await page.locator('::-p-text(New pairing code)').click()
      await page.waitForSelector('output')
      expect(await sideScroll(page), `${look.width}`).toEqual([])
      expect(await seriousFindings(page), `${look.width}`).toEqual([])
    }
  })
})
