import { beforeEach, describe, expect, it } from 'vitest'
import { changeSettings } from '../../../lib/app/settings.ts'
import type { Database } from '../../../lib/database/open.ts'
import { createAutomation } from '../../../lib/inbox/automation.ts'
import { createAwayAnswer, HOUR_MS } from '../../../lib/inbox/away.ts'
import { moveAway, readAway, saveAway } from '../../../lib/inbox/awayRecord.ts'
import { SEEN_KEPT_MS, tidy } from '../../../lib/inbox/housekeeping.ts'
import { ACT_WITHIN_MS, LEASE_MS, listFailed } from '../../../lib/inbox/leases.ts'
import type { Away, Lease } from '../../../lib/inbox/model.ts'
import { createRemoving } from '../../../lib/inbox/removing.ts'
import { createWriting } from '../../../lib/inbox/writing.ts'
import type { ChannelConfig } from '../../../lib/protocol/channel.ts'
import type { ChannelMessage } from '../../../lib/protocol/message.ts'
import { channel } from './support/channels.ts'
import { databaseWithProfile } from './support/database.ts'
import { receiveAt } from './support/inbox.ts'
import { message } from './support/modelRelay.ts'

const PROFILE = 'default'
const TEXT = 'I am away.'
let db: Database
let time: number
let failed: string[]
const now = () => time

beforeEach(async () => {
  db = await databaseWithProfile('http://127.0.0.1')
  time = Date.parse(message(1).timestamp)
  failed = []
  await knows({ type: 'telegram' })
  await setAway({})
})

const knows = (more: Partial<ChannelConfig>) =>
  db.put('channels', {
    ...{ profileId: PROFILE, id: 'c', seenAt: 1, order: 0 },
    config: channel('c', { direction: 'bidirectional', ...more }),
  })
const setAway = (more: Partial<Away>) => saveAway(db, PROFILE, 'c', { on: true, text: TEXT, everyHours: 24, ...more })
/** Messages that come in now, whatever their number. */
const come = (...messages: ChannelMessage[]) =>
  receiveAt(
    db,
    messages.map((one) => ({ ...one, timestamp: new Date(time + one.seq).toISOString() })),
    time,
  )
const from = (chat: string, seq: number, more: Partial<ChannelMessage> = {}) =>
  message(seq, { ...more, metadata: { chatId: chat, chatType: 'private', ...more.metadata } })

/** A worker that has just woken up: nothing of an earlier one is left but the database. */
function wake(work?: (lease: Lease) => Promise<void>): Promise<void> {
  const writing = createWriting({ db, now })
  return createAutomation({
    db,
    now,
    work: work ?? createAwayAnswer({ db, writing, onWritten: () => undefined }),
    onFailed: ({ messageId }) => failed.push(messageId),
  })()
}
const answers = async () => (await db.getAll('replies')).map(({ replyTo, content }) => `${replyTo}: ${content}`)
const states = async () => (await db.getAll('leases')).map(({ messageId, state, attempts }) => `${messageId} ${state} ${attempts}`)

describe('a lease', () => {
  it('client:CDD9, CDD1 is there from the commit of its message on, for a channel that wants it, and marked done at the end', async () => {
    await come(from('7', 1), from('8', 2, { channelId: 'other' }))
    expect(await states()).toEqual(['m1 waiting 0'])
    const seen: string[] = []
    await wake(async ({ messageId }) => void seen.push(messageId))
    await wake(async ({ messageId }) => void seen.push(messageId))
    expect([seen, await states()]).toEqual([['m1'], ['m1 done 1']])
    // The same message once more, by push, replay or poll, is not handled again.
    await receiveAt(db, [from('7', 1)], time)
    expect(await states()).toEqual(['m1 done 1'])
  })

  it('client:CDD9 belongs to one worker for 60 s; one that died is followed by the next after that', async () => {
    await come(from('7', 1))
    let taken = 0
    const dies = () => void wake(() => new Promise(() => taken++))
    dies()
    await until(() => taken === 1)
    await wake(async () => void taken++)
    time += LEASE_MS - 1
    await wake(async () => void taken++)
    expect(taken).toBe(1)
    time += 1
    await wake(async () => void taken++)
    expect([taken, await states()]).toEqual([2, ['m1 done 2']])
  })

  it('client:CDD9 is tried three times, then shown as failed at its message, with the reason', async () => {
    await come(from('7', 1), from('7', 2))
    const refuses = async ({ messageId }: Lease): Promise<void> => {
      if (messageId === 'm1') throw new Error('no room')
    }
    for (const attempt of [1, 2, 3]) {
      await wake(refuses)
      expect((await states())[0]).toBe(`m1 claimed ${attempt}`)
      expect(await listFailed(db, PROFILE, 'c:7')).toEqual(new Map())
      time += LEASE_MS
    }
    await wake(refuses)
    expect([failed, await states()]).toEqual([['m1'], ['m1 failed 3', 'm2 done 1']])
    expect(await listFailed(db, PROFILE, 'c:7')).toEqual(new Map([['m1', 'no room']]))
    time += LEASE_MS
    await wake(() => Promise.reject(new Error('must not run')))
    expect(await states()).toEqual(['m1 failed 3', 'm2 done 1'])
    await tidy(db, { now: time + SEEN_KEPT_MS + 1, keepMessages: 10 })
    expect(await states()).toEqual([])
  })

  it('client:CDD9 two that run at once in one worker do nothing twice', async () => {
    await come(from('7', 1), from('8', 2), from('9', 3))
    const seen: string[] = []
    const run = createAutomation({
      db,
      now,
      work: async ({ messageId }) => void seen.push(messageId),
      onFailed: () => undefined,
    })
    await Promise.all([run(), run(), run()])
    expect(seen.sort()).toEqual(['m1', 'm2', 'm3'])
  })
})

describe('an away message', () => {
  it('client:CDD9, CRP1 answers a message once, as an automatic reply to it, and leaves a draft alone', async () => {
    await come(from('7', 1, { metadata: { threadId: 't', raw: { secret: 1 } } }))
    await createWriting({ db, now }).saveDraft(PROFILE, 'c:7', 'half a thought')
    await wake()
    const [reply] = await db.getAll('replies')
    expect(reply).toMatchObject({
      ...{ content: TEXT, replyTo: 'm1', conversationId: 'c:7', channelId: 'c', state: 'sending', automatic: true, by: 'agent' },
      metadata: { chatId: '7', threadId: 't', automatic: true },
    })
    expect(reply?.metadata.raw).toBeUndefined()
    expect(await db.count('drafts')).toBe(1)
    expect(await db.get('conversations', [PROFILE, 'c:7'])).toMatchObject({ lastReplyId: reply?.clientId, unread: 1 })
  })

  it('client:CDD9 a worker that died after the answer was written does not give it again', async () => {
    await come(from('7', 1))
    const writing = createWriting({ db, now })
    const answer = createAwayAnswer({ db, writing, onWritten: () => undefined })
    void wake(async (lease) => {
      await answer(lease)
      await new Promise(() => undefined)
    })
    await until(async () => (await answers()).length === 1)
    time += LEASE_MS
    await wake()
    expect([await answers(), await states()]).toEqual([[`m1: ${TEXT}`], ['m1 done 2']])
  })

  it('client:TKO3 none where its owner has taken over, and one in the other conversations', async () => {
    await knows({ type: 'telegram', takenOver: ['7'] })
    await come(from('7', 1), from('8', 2))
    await wake()
    expect(await answers()).toEqual([`m2: ${TEXT}`])
  })

  it('client:CDD9 at most one per conversation in the hours chosen, and none where its owner wrote meanwhile', async () => {
    await come(from('7', 1), from('7', 2), from('8', 3))
    await wake()
    expect(await answers()).toEqual([`m1: ${TEXT}`, `m3: ${TEXT}`])
    time += 24 * HOUR_MS - 1_000
    await come(from('7', 4))
    await wake()
    expect(await answers()).toHaveLength(2)
    time += 2_000
    await come(from('7', 5))
    await wake()
    expect((await answers()).at(-1)).toBe(`m5: ${TEXT}`)
    await setAway({ everyHours: 1 })
    time += HOUR_MS + 1_000
    const own = { profileId: PROFILE, conversationId: 'c:8', content: 'I am here', attachments: [] }
    await createWriting({ db, now }).write(own)
    await come(from('8', 6), from('7', 7))
    await wake()
    expect((await answers()).slice(-2)).toEqual(
      ['m3: I am here', `m7: ${TEXT}`].map((one) => expect.stringContaining(one.slice(4))),
    )
    expect((await db.getAll('replies')).filter(({ conversationId }) => conversationId === 'c:8')).toHaveLength(2)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['it is switched off', () => setAway({ on: false })],
    ['the channel only receives', () => knows({ type: 'telegram', direction: 'inbound' })],
    ['the channel is switched off', () => knows({ type: 'telegram', enabled: false })],
    ['the channel is gone', () => db.delete('channels', [PROFILE, 'c'])],
    ['the message was deleted', () => createRemoving({ db }).removeMessage(PROFILE, 'm1')],
  ])('client:CDD9, CRP4 nothing is answered when %s before its turn comes', async (_when, happens) => {
    await come(from('7', 1))
    await happens()
    await wake()
    expect([await answers(), await states()]).toEqual([[], ['m1 done 1']])
  })

  it.each<[string, Partial<ChannelMessage>]>([
    ['a group', { metadata: { chatType: 'supergroup' } }],
    ['a channel post', { metadata: { chatType: 'channel' } }],
    ['an edit', { metadata: { edited: true } }],
    ['a pressed button', { metadata: { callbackQueryId: 'q' } }],
    ['an echo of the answer', { content: `> ${TEXT}\nThanks` }],
    ['a Discord server', { channelType: 'discord', metadata: { discordChannelId: '1', guildId: '2' } }],
    ['a Slack channel', { channelType: 'slack', metadata: { slackChannelId: 'C1' } }],
    ['a no-reply address', { channelType: 'email', from: 'no-reply@shop.example', metadata: { senderAddress: 'x' } }],
    ['a bounce', { channelType: 'email', from: 'MAILER-DAEMON@mx.example' }],
    ['another absence', { channelType: 'email', from: 'ada@x.example', metadata: { subject: 'Re: Automatic reply: holidays' } }],
    ['a program that answers by itself', { channelType: 'webhook', metadata: { automatic: true } }],
  ])('client:CDD9 %s is not answered', async (_what, more) => {
    await come(from('7', 1, more))
    await wake()
    expect([await answers(), await states()]).toEqual([[], ['m1 done 1']])
  })

  it.each<[string, Partial<ChannelMessage>]>([
    ['a direct message on Discord', { channelType: 'discord', metadata: { discordChannelId: '1' } }],
    ['a direct message on Slack', { channelType: 'slack', metadata: { slackChannelId: 'D1' } }],
    [
      'an email',
      { channelType: 'email', from: 'ada@x.example', metadata: { subject: 'Re: automatic doors', senderAddress: 'ada@x.example' } },
    ],
    ['a webhook', { channelType: 'webhook' }],
  ])('client:CDD9 %s is answered', async (_what, more) => {
    await come(from('7', 1, more))
    await wake()
    expect(await answers()).toEqual([`m1: ${TEXT}`])
  })

  it('client:CDD9 what was written long before it came is not answered, by the relay’s clock', async () => {
    const offset = -3 * HOUR_MS
    await db.put('sessions', {
      ...{ profileId: PROFILE, userId: 'u', apiKey: 'k', origin: 'http://127.0.0.1', clockOffsetMs: offset },
    })
    const written = (ago: number) => new Date(time + offset - ago).toISOString()
    // Our clock is three hours ahead: to it, everything seems to be that old.
    await receiveAt(db, [{ ...from('7', 1), timestamp: written(1_000) }], time)
    await receiveAt(db, [{ ...from('8', 2), timestamp: written(-ACT_WITHIN_MS) }], time)
    await wake()
    expect(await answers()).toEqual([`m1: ${TEXT}`, `m2: ${TEXT}`])
    await receiveAt(db, [{ ...from('9', 3), timestamp: written(ACT_WITHIN_MS + 1_000) }], time)
    await wake()
    expect(await answers()).toHaveLength(2)
    await receiveAt(db, [{ ...from('5', 4), timestamp: written(48 * HOUR_MS) }], time)
    expect((await states()).at(-1)).not.toMatch(/^m4/)
  })

  it('client:CDD9 needs words, not more than a message takes; switched off it keeps them', async () => {
    await expect(setAway({ text: '  \n' })).rejects.toMatchObject({ code: 'missing_field' })
    await expect(setAway({ text: 'ä'.repeat(40_000) })).rejects.toMatchObject({ code: 'content_too_large' })
    await setAway({ on: false, text: ' Back on Monday ' })
    expect(await readAway(db, PROFILE, 'c')).toEqual({ on: false, text: 'Back on Monday', everyHours: 24 })
    await moveAway(db, PROFILE, 'c', 'rebuilt')
    expect(await readAway(db, PROFILE, 'c')).toBeUndefined()
    expect(await readAway(db, PROFILE, 'rebuilt')).toMatchObject({ text: 'Back on Monday' })
  })

  it('client:OBS1 a channel one only observes is not answered', async () => {
    await changeSettings(db, PROFILE, { observedChannels: ['c'] })
    await come(from('7', 1))
    await wake()
    expect(await answers()).toEqual([])
    await changeSettings(db, PROFILE, { observedChannels: [] })
    await come(from('7', 2))
    await wake()
    expect(await answers()).toHaveLength(1)
  })
})

async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise<void>((resolve) => setTimeout(resolve))
}
