import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import { createAddressBar } from '../../../lib/inbox/addressBar.ts'
import type { Change } from '../../../lib/messaging/changes.ts'
import { addProfile, databaseWithProfile } from './support/database.ts'

let db: Database
let told: Change[]
let bar: ReturnType<typeof createAddressBar>

beforeEach(async () => {
  db = await databaseWithProfile('http://127.0.0.1')
  told = []
  bar = createAddressBar({ db, now: () => 5, tell: (change) => told.push(change) })
})

async function person(id: string, title: string, lastAt: number, direction = 'bidirectional', profileId = 'default') {
  await db.put('channels', { profileId, id, config: { id, type: 'telegram', direction }, updatedAt: 1 } as never)
  await db.put('conversations', { profileId, id: `${id}:1`, channelId: id, channelType: 'telegram', title, lastAt } as never)
}
const labels = async (text: string) => (await bar.suggest({ text })).map(({ content }) => content)
const page = async (text: string) => (await bar.choose({ text })).page

describe('the address bar', () => {
  it('client:OMB1 offers people of all profiles by letters of their names, the best first, and leads to them', async () => {
    await addProfile(db, 'http://127.0.0.1:1', 'work')
    await person('a', 'Ada Okafor', 1)
    await person('b', 'Tomás Rivera', 3)
    await person('c', 'Adamo', 2, 'inbound', 'work')
    expect(await labels('')).toEqual(['Tomás Rivera', 'Adamo', 'Ada Okafor'])
    expect(await labels('ada')).toEqual(['Adamo', 'Ada Okafor'])
    expect(await bar.suggest({ text: 'riv tom' })).toEqual([
      { content: 'Tomás Rivera', description: '<match>Tom</match>ás <match>Riv</match>era' },
    ])
    expect(await page('Adamo')).toBe('?profile=work#/conversation/c%3A1')
    expect(await page('okaf')).toBe('?profile=default#/conversation/a%3A1')
    expect(await page('nobody at all')).toBe('#/')
  })

  it('client:OMB2 puts words behind what stands in the draft of somebody who can be answered, and sends nothing', async () => {
    await person('a', 'Ada Okafor', 1)
    await person('c', 'Adamo', 2, 'inbound')
    await db.put('drafts', { profileId: 'default', conversationId: 'a:1', text: 'Hello', updatedAt: 1 })
    expect(await labels('ada: see you at: 5')).toEqual(['Ada Okafor: see you at: 5'])
    expect(await page('ada: see you at: 5')).toBe('?profile=default#/reply/a%3A1')
    expect((await db.get('drafts', ['default', 'a:1']))?.text).toBe('Hello\n\nsee you at: 5')
    expect(told).toEqual([{ topic: 'drafts', profileId: 'default', conversationId: 'a:1' }])
    expect(await db.count('replies')).toBe(0)
    // Nothing after the colon is nothing to write.
    expect(await page('ada:')).toBe('?profile=default#/conversation/c%3A1')
  })

  it('client:OMB3 what is in a name is text, a colon in it is part of it, and namesakes are told apart', async () => {
    await person('a', '<match>&"\u0007', 3)
    await person('b', 'ci: main', 2)
    await person('c', 'ci: main', 1)
    expect((await bar.suggest({ text: '' })).map(({ description }) => description)).toEqual([
      '&#60;match&#62;&#38;&#34; ',
      'ci: main',
      'ci: main (2)',
    ])
    expect(await page('ci: main')).toBe('?profile=default#/conversation/b%3A1')
    expect(await page('ci: main (2)')).toBe('?profile=default#/conversation/c%3A1')
    expect(await db.count('drafts')).toBe(0)
  })
})
