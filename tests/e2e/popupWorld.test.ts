import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPopup, seeText } from '../support/browser/extension.ts'
import { addWebhook, ask, outside, startWorld, type World } from '../support/browser/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const post = (url: string, body: object) =>
  fetch(outside(url, world.relay), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

it('client:CRP1, CRP3, UIX2 a message comes in, is answered in the popup, and its ticks turn true', async () => {
  const settings = await world.connected()
  const { id, url } = await addWebhook(settings, 'door')
  await ask(settings, 'channels', 'change', { profileId: 'default', channelId: id, change: { direction: 'bidirectional' } })
  const popup = await openPopup(world.chromium)
  await seeText(popup, 'Connected')
  // One profile, one name, on every page.
  for (const one of [popup, settings]) expect(await one.$eval('.profile-name', (name) => name.textContent)).toContain('Home')
  expect((await post(url, { content: 'Who is **there**?', from: 'Bell' })).status).toBe(200)
  await seeText(popup, 'Bell')
  await popup.keyboard.press('j')
  await popup.keyboard.press('Enter')
  await popup.waitForSelector('.words strong::-p-text(there)')
  await seeText(popup, 'Replying to door via Webhook')
  await popup.keyboard.press('r')
  await popup.keyboard.type('It is me')
  await popup.keyboard.press('Enter')
  await popup.waitForSelector('.own .is-sent')
  const responses = await fetch(outside(url, world.relay).replace('/webhook/', '/responses/'))
  expect(await responses.json()).toMatchObject({ responses: [{ content: 'It is me' }] })
  // Read here, so nothing is left to count.
  await popup.keyboard.press('Escape')
  await popup.keyboard.press('Escape')
  await popup.waitForSelector('.row:not(.unread)')
})

it('client:CRP2, CRP5, UIX2 two windows share one draft: what one sends is gone from the other, what it goes on writing stays', async () => {
  const settings = await world.connected()
  const { id, url } = await addWebhook(settings, 'shared')
  await ask(settings, 'channels', 'change', { profileId: 'default', channelId: id, change: { direction: 'bidirectional' } })
  expect((await post(url, { content: 'Anybody?', from: 'Bell' })).status).toBe(200)
  await seeText(await openPopup(world.chromium), 'Anybody?')
  const place = `#/conversation/${encodeURIComponent(id)}`
  const [one, two] = [await openPopup(world.chromium, place), await openPopup(world.chromium, place)]
  // Opened at a place of its own, its messages scroll by keyboard at once.
  await two.waitForFunction(() => document.activeElement?.matches('[data-thread]'))
  const reads = (page: Page, text: string) =>
    page.waitForFunction((wanted) => document.querySelector('textarea')?.value === wanted, { polling: 50 }, text)
  await one.bringToFront()
  await one.locator('textarea').fill('On my way')
  await reads(two, 'On my way')
  await one.bringToFront()
  await one.keyboard.press('Enter')
  await one.waitForSelector('.own .is-sent')
  await reads(two, '')
  await two.bringToFront()
  await two.locator('textarea').fill('And')
  await two.keyboard.type(' now here')
  await reads(one, 'And now here')
  await reads(two, 'And now here')
  const responses = await fetch(outside(url, world.relay).replace('/webhook/', '/responses/'))
  expect(((await responses.json()) as { responses: unknown[] }).responses).toHaveLength(1)
})
