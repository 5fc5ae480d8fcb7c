import { createServer } from 'node:http'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/fake.ts'
import { ADMIN_KEY, signIn } from '../support/admin.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { readStore } from '../support/browser/database.ts'
import { checkAgain, doctorLines, failed, pressFix } from '../support/browser/doctorPage.ts'
import { closeOffscreen, openOptions, seeText } from '../support/browser/extension.ts'
import { addWebhook, ask, connectionIs, eventually, outside, startWorld, type World } from '../support/browser/world.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { startRelay } from '../support/relay.ts'

let world: World
let telegram: FakeTelegram
let page: Page
const profileId = 'default'
const home = 'http://127.0.0.1:8787'

beforeAll(async () => {
  telegram = await startFakeTelegram()
  world = await startWorld({ env: { CHAOS_ADMIN_KEY: ADMIN_KEY, CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot } })
  await (await world.connected()).close()
  page = await openOptions(world.chromium, '#/diagnostics')
})
afterAll(async () => {
  await world.close()
  await telegram.close()
})

const lines = () => doctorLines(page)
const examine = () => checkAgain(page)
const fix = (check: string) => pressFix(page, check)
const verdict = () => page.$eval('.verdict', (element) => element.textContent)
const setUrl = (url: string) => ask(page, 'connection', 'setRelayUrl', { profileId, url })

describe('nothing is broken', () => {
  it('client:DOC1, DOC3 every check passes, in their order', async () => {
    await addWebhook(page, 'ci')
    const all = await examine()
    expect(all.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
    expect(all.map(({ check }) => check)).toEqual([
      ...['storage', 'address', 'key', 'clock', 'reach', 'features', 'pin', 'token', 'background', 'socket'],
      ...['channels', 'space', 'notifications'],
    ])
    expect(await verdict()).toBe('All checks passed')
    expect(await seriousFindings(page)).toEqual([])
    await page.setViewport({ width: 360, height: 800 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    expect(await seriousFindings(page)).toEqual([])
    await page.setViewport({ width: 1280, height: 900 })
  })

  it('client:DOC3 the report says as much, and holds nothing that was written, given or kept', async () => {
    const [channel] = await readStore<{ config: { webhookUrl: string } }>(page, 'channels')
    const url = outside(channel?.config.webhookUrl ?? '', world.relay)
    await fetch(url, { method: 'POST', body: 'canary-in-content' })
    await eventually(page, async () => (await readStore(page, 'messages')).length === 1, 'the message')
    await ask(page, 'channels', 'change', {
      profileId,
      channelId: new URL(url).pathname.split('/').at(-1),
      change: { name: 'canary-name', prompt: 'canary-prompt' },
    })
    await examine()
    const report = await page.evaluate(async () => {
      let copied = ''
      navigator.clipboard.writeText = async (text) => {
        copied = text
      }
      const copy = document.querySelector<HTMLElement>('.page-head .btn')
      copy?.click()
      return copied
    })
    expect(report).toMatch(/^ok {3}storage {7}opened messages=1 ms=\d+$/m)
    expect(report).toMatch(/^ok {3}channels {6}all channels=1 needing=0 failing=0 webhook:ok$/m)
    expect(report).toMatch(/All checks passed$/)
    expect(await page.$eval('.report-text pre', ({ textContent }) => textContent)).toBe(report)
    expect(await page.$('.check-filter')).toBeNull()
    const [session] = await readStore<{ apiKey: string; userId: string }>(page, 'sessions')
    const [identity] = await readStore<{ publicKey: { x: string } }>(page, 'identities')
    const [pin] = await readStore<{ key: { x: string } }>(page, 'pins')
    const canaries = [
      session?.apiKey,
      session?.userId,
      identity?.publicKey.x,
      pin?.key.x,
      new URL(url).searchParams.get('token'),
      '8787',
    ]
    for (const canary of [...canaries, 'canary']) {
      expect(canary).toBeTruthy()
      expect(report).not.toContain(canary)
    }
  })
})

describe('the status', () => {
  it('client:STA1, STA2 shows every part, and a line that cannot be had says why', async () => {
    const status = await openOptions(world.chromium, '#/status')
    const shown = async () => status.$eval('main', (main) => main.innerText)
    await seeText(status, 'message 1 of 1, 0 missing')
    await status.waitForSelector('.fp')
    const [session] = await readStore<{ userId: string }>(status, 'sessions')
    for (const part of [
      '0.1.0',
      'Home',
      'Cannot leave this browser',
      session?.userId.slice(0, 8),
      'held',
      'Never',
      'Connected',
      'none needed',
      'every 120 s',
      home,
      'canary-name',
      'Webhook, last message today',
    ])
      expect(await shown()).toContain(part)
    expect(await shown()).toMatch(/Working, answered in \d+ ms/)
    expect(await seriousFindings(status)).toEqual([])
    await status.locator('dt a::-p-text(canary-name)').click()
    await status.waitForFunction(() => document.activeElement?.matches('[data-channel]'))
    await status.goBack()
    await status.locator('main a::-p-text(Check every part)').click()
    await status.waitForFunction(() => location.hash === '#/diagnostics')
    await status.goBack()
    await seeText(status, 'every 120 s')
    await world.relay.kill('SIGTERM')
    await seeText(status, 'Reconnecting')
    await seeText(status, 'unavailable: ')
    await seeText(status, 'every 60 s')
    expect(await shown()).toContain('canary-name')
    await world.relay.start()
    await ask(status, 'connection', 'reconnect', { profileId })
    await seeText(status, 'every 120 s')
    await status.close()
    await lines()
  })
})

describe('each hop, broken for real, is named and repaired by its button', () => {
  it('client:DOC2, SOC9 a profile somebody stopped: Connect', async () => {
    await ask(page, 'connection', 'disconnect', { profileId })
    const all = await examine()
    expect(failed(all)).toMatchObject([{ check: 'socket', button: 'Connect' }])
    expect(await verdict()).toBe('1 issue found')
    expect(failed(await fix('socket'))).toEqual([])
  })

  it('client:DOC2, ARC2 the document of the sockets is gone: Try again', async () => {
    await closeOffscreen(page)
    expect(failed(await examine())).toMatchObject([{ check: 'background', button: 'Try again' }])
    expect(failed(await fix('background'))).toEqual([])
  })

  it('client:DOC2 a relay that does not run: what depends on it is skipped; Try again when it is back', async () => {
    await world.relay.kill('SIGTERM')
    const all = await examine()
    expect(failed(all)).toMatchObject([
      { check: 'reach', says: 'nobody answers at 127.0.0.1:8787. Is the relay running on this computer?' },
    ])
    const skipped = all.filter(({ outcome }) => outcome === 'skip')
    expect(skipped.map(({ check }) => check)).toEqual(['clock', 'features', 'pin', 'token', 'socket', 'channels'])
    expect(skipped[0]?.says).toBe('skipped, needs “Relay reachable”')
    expect(
      await page.$eval('[data-check="clock"]', (line) => line.checkVisibility() && line.getBoundingClientRect().height > 20),
    ).toBe(true)
    await seeText(page, 'Messages stop between this browser and the relay.')
  })

  it('client:DOC2, PIN3 another server on its port', async () => {
    const stranger = createServer((_, response) => response.end('hello'))
    await new Promise<void>((resolve) => stranger.listen(world.relay.port, '127.0.0.1', resolve))
    const all = await examine()
    stranger.closeAllConnections()
    await new Promise((resolve) => stranger.close(resolve))
    expect(failed(all)).toMatchObject([
      { check: 'reach', says: 'something answers there, but not your relay', button: 'Change address' },
    ])
    await world.relay.start()
    await examine()
    await ask(page, 'connection', 'reconnect', { profileId })
    await connectionIs(page, 'connected')
    expect(failed(await examine())).toEqual([])
  })

  it('client:DOC1, CSG3 a clock that is off: how far, which way, and how to set it', async () => {
    const late = await startRelay({ clock: createFakeClock(Date.now() + 600_000) })
    await setUrl(late.url)
    await connectionIs(page, 'connected')
    const clock = (await examine()).find(({ check }) => check === 'clock')
    expect(clock).toMatchObject({ outcome: 'fail', says: 'this computer is 10 minutes behind the relay' })
    await page.locator('[data-check="clock"] .fix .btn').click()
    await seeText(page, 'Let the system set its clock from the internet')
    await setUrl(home)
    await late.close()
    await connectionIs(page, 'connected')
  })

  it('client:DOC2, CRG3 a token the relay knows no more: Register again', async () => {
    await ask(page, 'connection', 'disconnect', { profileId })
    const [session] = await readStore<{ userId: string }>(page, 'sessions')
    const admin = await signIn(world.relay.url)
    expect((await admin.del(`/admin/sessions/${session?.userId}`)).status).toBe(200)
    const all = await examine()
    expect(failed(all)).toMatchObject([{ check: 'token', button: 'Register again' }])
    expect(failed(await fix('token'))).toMatchObject([{ check: 'socket', button: 'Connect' }])
    expect(failed(await fix('socket'))).toEqual([])
  })

  it('client:DOC2, CHN1 a bot whose token was revoked: the channel is named, and leads to its card', async () => {
    await ask(page, 'channels', 'addTelegram', { profileId, botToken: telegram.bot.token, remember: false })
    telegram.bot.revoked = true
    telegram.user('Ada').send('ends the poll that was still allowed')
    await eventually(
      page,
      async () =>
        (await readStore<{ config: { status: { state: string } } }>(page, 'channels')).some(
          ({ config }) => config.status.state === 'auth_failed',
        ),
      'the relay to notice',
    )
    expect(failed(await examine())).toMatchObject([{ check: 'channels' }])
    await seeText(page, 'Messages stop between the relay and a platform.')
    await page.locator('.check-sub a').click()
    await page.waitForFunction(() => location.hash === '#/channels')
    await page.evaluate(() => history.back())
    await lines()
  })

  it('client:RST1, URL4 Reset address clears the address alone, says what stays, and the same address goes on', async () => {
    const before = await readStore<{ userId: string }>(page, 'sessions')
    await page.locator('.reset-row .btn::-p-text(Reset address)').click()
    await seeText(page, 'Address cleared. Kept: the key, ')
    expect(failed(await examine())).toMatchObject([{ check: 'address', button: 'Change address' }])
    await page.locator('[data-check="address"] .fix .btn').click()
    await seeText(page, 'Relay address needed.')
    await setUrl(home)
    await connectionIs(page, 'connected')
    expect(await readStore(page, 'sessions')).toMatchObject([{ userId: before[0]?.userId }])
    await page.evaluate(() => history.back())
    await lines()
  })

  it('client:DOC2, IDN3 a key that is gone leads to the choice what to do', async () => {
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('chaos-relay')
          opening.onsuccess = () => {
            const deleting = opening.result.transaction('identities', 'readwrite')
            deleting.objectStore('identities').clear()
            deleting.oncomplete = () => {
              opening.result.close()
              resolve()
            }
            deleting.onerror = () => reject(deleting.error)
          }
        }),
    )
    const all = await examine()
    expect(failed(all)).toMatchObject([{ check: 'key', button: 'Import or start anew' }])
    await page.locator('[data-check="key"] .fix .btn').click()
    await page.waitForFunction(() => location.hash === '#/security')
  })
})

describe('storage that cannot be read', () => {
  it('client:DOC3, CDD14 the doctor still opens and names it', async () => {
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('chaos-relay', 999)
          opening.onupgradeneeded = () => opening.result.deleteObjectStore('profiles')
          opening.onerror = () => reject(opening.error)
          opening.onsuccess = () => {
            opening.result.close()
            resolve()
          }
        }),
    )
    await page.goto('about:blank')
    page = await openOptions(world.chromium)
    await seeText(page, 'The page could not read its data.')
    const all = await lines()
    expect(failed(all)).toMatchObject([{ check: 'storage', button: 'Reset all' }])
    expect(all.filter(({ outcome }) => outcome === 'skip')).toHaveLength(11)
    expect(await seriousFindings(page)).toEqual([])
  })

  it('client:RST2 Reset all asks for the word, deletes what cannot be read, and ends like a fresh install', async () => {
    await page.locator('.reset-row .btn-danger').click()
    await page.waitForSelector('dialog[open]')
    const confirm = 'dialog .btn-danger'
    expect(await page.$eval(confirm, (button) => (button as HTMLButtonElement).disabled)).toBe(true)
    await page.locator('dialog input').fill('reset')
    expect(await page.$eval(confirm, (button) => (button as HTMLButtonElement).disabled)).toBe(true)
    await page.locator('dialog input').fill('RESET')
    const reloaded = page.waitForNavigation()
    await page.locator(confirm).click()
    await reloaded
    await page.waitForSelector('.side')
    await connectionIs(page, 'connected')
    await page.goto(`${page.url().split('#')[0]}#/diagnostics`)
    await lines()
    expect(failed(await examine())).toEqual([])
    expect(await readStore(page, 'messages')).toEqual([])
    expect(await readStore(page, 'channels')).toEqual([])
    expect(await readStore(page, 'profiles')).toMatchObject([{ id: 'default', relayUrl: home, stopped: false }])
  })
})
