import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AgentDesk, startAgentDesk } from '../support/browser/agentDesk.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { readStore } from '../support/browser/database.ts'
import { openPopup, seeText } from '../support/browser/extension.ts'
import { ask, eventually } from '../support/browser/world.ts'

let desk: AgentDesk
let popup: Page
beforeAll(async () => {
  desk = await startAgentDesk()
  popup = await openPopup(desk.chromium)
  await popup.locator('a.row').click()
  await popup.waitForSelector('textarea')
})
afterAll(() => desk.close())

const takenOver = async () => (await desk.call('GET', '/channels')).json.channels[0].takenOver
const agentSays = (content: string) =>
  desk.call('POST', '/reply', { channelId: desk.channelId, content, metadata: { chatId: desk.ada.id } })
async function choose(item: string): Promise<void> {
  await popup.locator('button[aria-label="More: pin, snooze, mute, delete"]').click()
  await popup.locator(`[role=menuitem]::-p-text(${item})`).click()
}
async function ownerSays(content: string): Promise<void> {
  await popup.type('textarea', content)
  await popup.keyboard.press('Enter')
  expect((await desk.telegram.nextSent()).text).toBe(content)
}

it('client:ELS1 what an agent answers is read in the conversation, by its name, and in the list', async () => {
  expect(await agentSays('Let me look into it.')).toMatchObject({ status: 200 })
  await desk.telegram.nextSent()
  await seeText(popup, 'Let me look into it.')
  expect(await popup.$eval('.own.agent .bubble', (bubble) => (bubble as HTMLElement).innerText)).toMatch(
    /^Agent\s+Let me look into it\./,
  )
  await popup.waitForSelector('.own.agent .is-sent')
  expect(await seriousFindings(popup)).toEqual([])
  await popup.goBack()
  await popup.waitForFunction(() =>
    document.querySelector('a.row .row-preview')?.textContent?.includes('Agent:Let me look into it.'),
  )
  await popup.locator('a.row').click()
  await popup.waitForSelector('textarea')
})

it('client:TKO1, TKO2 its owner takes a conversation over, and only what the owner writes goes out', async () => {
  expect(await agentSays('I can clean that up.')).toMatchObject({ status: 200 })
  expect((await desk.telegram.nextSent()).text).toBe('I can clean that up.')
  await choose('Take over from agents')
  await seeText(popup, 'You have taken over.')
  expect(await takenOver()).toEqual([String(desk.ada.id)])
  expect(await seriousFindings(popup)).toEqual([])
  expect(await agentSays('And your home folder?')).toMatchObject({ status: 409, json: { code: 'taken_over' } })
  await ownerSays('No, leave it as it is.')
  // Told in the list, too, in words.
  await popup.goBack()
  await popup.waitForFunction(() => document.querySelector('a.row')?.textContent?.includes('Taken over'))
  await popup.locator('a.row').click()
  await popup.waitForSelector('.taken-over button')
})

it('client:TKO3 this browser’s own automatic answer waits, too, and an approval is asked for all the same', async () => {
  const setAway = (on: boolean) => {
    const away = { on, text: 'I am away.', everyHours: 1 }
    return ask(desk.page, 'chores', 'setAway', { profileId: 'default', channelId: desk.channelId, away }, 'chores')
  }
  await setAway(true)
  desk.ada.send('Are you sure?')
  const leases = () => readStore<{ state: string }>(desk.page, 'leases')
  await eventually(
    desk.page,
    async () => ((await leases()).some(({ state }) => state === 'done') ? true : leases()),
    'the message to be dealt with',
  )
  await desk.mode('writes')
  const id = await desk.asked()
  desk.ada.send('no')
  expect(await desk.outcome(id)).toMatchObject({ state: 'denied' })
  const replies = await readStore<{ content: string; state: string }>(desk.page, 'replies')
  expect(replies.map(({ content }) => content)).not.toContain('I am away.')
  expect(replies.filter(({ state }) => state === 'failed')).toEqual([])
  await setAway(false)
})

it('client:TKO1 handed back by the strip, agents answer again', async () => {
  await popup.locator('.taken-over button').click()
  await popup.waitForSelector('.taken-over', { hidden: true })
  expect(await takenOver()).toEqual([])
  expect(await agentSays('Then I leave it.')).toMatchObject({ status: 200 })
  expect((await desk.telegram.nextSent()).text).toBe('Then I leave it.')
})

it('client:TKO4 what the relay could not do is said, and tried again with one press', async () => {
  await desk.relay.kill('SIGKILL')
  await choose('Take over from agents')
  await popup.waitForSelector('dialog[open]')
  await seeText(popup, 'Not taken over')
  expect(await seriousFindings(popup)).toEqual([])
  await desk.relay.start()
  await eventually(
    popup,
    async () => {
      if (await popup.$('.taken-over')) return true
      // It may close at any moment.
      return popup.evaluate(() => {
        const dialog = document.querySelector('dialog[open]')
        dialog?.querySelector<HTMLElement>('.dialog-actions .btn:last-child')?.click()
        return dialog?.textContent
      })
    },
    'the conversation to be taken over',
  )
  await popup.waitForSelector('dialog[open]', { hidden: true })
  expect(await takenOver()).toEqual([String(desk.ada.id)])
})

it('client:ELS1 what was answered while this browser was away is there once it is back, once', async () => {
  await choose('Hand back to agents')
  await eventually(popup, async () => ((await takenOver()).length === 0 ? true : takenOver()), 'the conversation to be handed back')
  await ask(desk.page, 'connection', 'disconnect', { profileId: 'default' })
  expect(await agentSays('While you were away.')).toMatchObject({ status: 200 })
  await ask(desk.page, 'connection', 'connect', { profileId: 'default' })
  await seeText(popup, 'While you were away.')
  const replies = await readStore<{ content: string; elsewhere?: string }>(desk.page, 'replies')
  expect(replies.filter(({ content }) => content === 'While you were away.')).toMatchObject([{ elsewhere: 'agent' }])
  for (const own of replies.filter(({ content }) => content === 'No, leave it as it is.')) expect(own.elsewhere).toBeUndefined()
})
