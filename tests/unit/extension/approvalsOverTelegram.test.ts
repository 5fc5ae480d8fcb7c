import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readUnlooked } from '../../../lib/approvals/answerStore.ts'
import { DELETE, startTelegramWorld, type TelegramWorld } from './support/telegramWorld.ts'
import { until } from './support/timers.ts'

let world: TelegramWorld
beforeEach(async () => {
  world = await startTelegramWorld()
})
afterEach(() => world.close())

const stands = (id: string, state: string) => until(async () => (await world.standing(id))?.state === state, `${id} to be ${state}`)
const nextText = async () => (await world.telegram.nextSent()).text ?? ''
/** Asked in Ada's chat; the prompt has arrived there. */
async function asked(given: Record<string, unknown> = {}): Promise<string> {
  await world.mode('writes')
  if ((await world.db.count('conversations')) === 0) await world.said('clean up, please')
  const id = await world.ask(given)
  expect(await nextText()).toContain(`Approval needed [${id}]`)
  return id
}

describe('approvals over a channel', () => {
  it('client:APR4, APR5, APR8, APR15 asks in the chat, hears the yes, and the agent may use it once', async () => {
    await world.mode('writes')
    await world.said('clean up, please')
    const id = await world.ask({ args: { path: '/tmp/*x*_y_' } })
    const { text, parseMode } = await world.telegram.nextSent()
    expect(text).toBe(
      `Approval needed [${id}]: the agent wants to run files.delete: path: "/tmp/*x*_y_". Reply "yes ${id}" or "no ${id}". Refused in 5 minutes without an answer.`,
    )
    expect(parseMode).toBeUndefined()
    expect(await world.row(id)).toMatchObject({ afterSeq: 1, standing: { state: 'asking' }, asked: { channelType: 'telegram' } })
    expect(world.worker?.asked).toEqual([id])
    const waiting = world.outcome(id, 30_000)
    await world.said('Yes!')
    expect(await waiting).toEqual({ state: 'allowed', decidedBy: 'telegram' })
    await stands(id, 'allowed')
    expect(await world.use(id, { action: 'files.delete', args: { path: '/tmp/*x*_y_' } })).toMatchObject({ state: 'used' })
    await stands(id, 'used')
    const answer = (await world.db.getAll('messages')).find(({ content }) => content === 'Yes!')
    expect(answer).toMatchObject({ approvalId: id, read: 1 })
    expect(await world.db.getAll('answers')).toMatchObject([{ approvalIds: [id], outcome: 'allowed', from: 'ada', text: 'Yes!' }])
    expect((await world.db.getAll('conversations'))[0]?.unread).toBe(1)
  })

  it('client:APR14 a no is told to the agent in the agreed words', async () => {
    const id = await asked()
    const waiting = world.outcome(id, 30_000)
    await world.said('no')
    const words = 'The user refused this files.delete over Telegram. Do not retry; ask what to do instead.'
    expect(await waiting).toEqual({ state: 'denied', decidedBy: 'telegram', reason: words })
    await expect(world.use(id)).rejects.toMatchObject({ code: 'approval_denied', message: expect.stringContaining(words) })
  })

  it('client:APR11 a yes is for these arguments and once', async () => {
    const id = await asked()
    await world.said(`yes ${id}`)
    await stands(id, 'allowed')
    await expect(world.use(id, { ...DELETE, args: { path: '/' } })).rejects.toMatchObject({ code: 'approval_mismatch' })
    await world.use(id)
    await expect(world.use(id)).rejects.toMatchObject({ code: 'approval_used' })
  })

  it('client:APR7, APR9 lists what waits when it is not clear, reminds once, and passes on what is no answer', async () => {
    const [one, two] = [await asked(), await asked({ action: 'mail.send' })]
    await world.said('yes')
    const list = await nextText()
    expect(list).toContain('2 approvals are waiting')
    for (const id of [one, two]) expect(list).toContain(`"yes ${id}" or "no ${id}"`)
    await world.said(`no ${two}`)
    await stands(two, 'denied')
    await world.said('ok but not that file')
    expect(await nextText()).toContain(`"yes ${one}" or "no ${one}"`)
    await world.said('ok but not that one either')
    await world.said('yes')
    await stands(one, 'allowed')
    expect(world.telegram.sent.filter(({ text }) => text?.startsWith('Nothing was decided'))).toHaveLength(1)
    const passedOn = (await world.db.getAll('messages')).filter(({ approvalId }) => approvalId === undefined)
    expect(passedOn.map(({ content }) => content)).toEqual([
      'clean up, please',
      'ok but not that file',
      'ok but not that one either',
    ])
    expect((await world.db.getAll('answers')).map(({ outcome }) => outcome).sort()).toEqual([
      'allowed',
      'denied',
      'listed',
      'reminded',
    ])
  })

  it('client:APR10 somebody else in the group decides nothing', async () => {
    await world.mode('writes')
    const eve = world.telegram.user('Eve', 'eve')
    const group = world.telegram.group('Desk') as { chat: { id: number } }
    world.ada.send('clean up here', { chat: group })
    await until(async () => (await world.db.count('messages')) === 1, 'the message')
    const id = await world.ask({ conversation: String(group.chat.id) })
    await nextText()
    eve.send(`yes ${id}`, { chat: group })
    // In her own chat Ada may, but it is another conversation.
    await world.said(`yes ${id}`)
    world.ada.send('thinking', { chat: group })
    await until(async () => (await world.db.count('messages')) === 3, 'the messages')
    await world.worker?.look('default')
    expect(await world.standing(id)).toEqual({ state: 'asking' })
    world.ada.send(`no ${id}`, { chat: group })
    await stands(id, 'denied')
  })

  it('client:APR12 what ran out is refused, also while the worker slept, and a late yes is told so', async () => {
    const id = await asked({ timeoutMs: 1_000 })
    world.sleep()
    await stands(id, 'denied')
    expect(await world.standing(id)).toMatchObject({ by: 'timeout' })
    world.wake()
    await world.said('yes')
    expect(await nextText()).toBe(`Approval [${id}] expired: files.delete was refused. The agent has to ask again.`)
    expect(await world.outcome(id)).toMatchObject({ state: 'denied', decidedBy: 'timeout' })
    await expect(world.use(id)).rejects.toMatchObject({ code: 'approval_expired' })
    expect((await world.db.getAll('answers')).map(({ outcome }) => outcome)).toEqual(['late'])
  })

  it('client:APR13 the first decision wins; the other place is told so', async () => {
    const id = await asked()
    const both = [world.worker?.decide('default', id, 'deny', 'popup'), world.worker?.decide('default', id, 'allow', 'options')]
    expect((await Promise.all(both)).sort()).toEqual([false, true])
    await until(async () => (await world.outcome(id)).state !== 'pending', 'the decision')
    const { decidedBy } = await world.outcome(id)
    await world.said(`yes ${id}`)
    const told = await nextText()
    expect(told).toContain(
      `Approval [${id}] was decided before: files.delete was ${decidedBy === 'popup' ? 'refused' : 'allowed'} over the`,
    )
    expect(await world.worker?.decide('default', id, 'allow', 'popup')).toBe(false)
    expect((await world.outcome(id)).decidedBy).toBe(decidedBy)
  })

  it('client:APR12, APR15 an answer that came while the worker was away is taken up when it wakes, once', async () => {
    const id = await asked()
    world.sleep()
    await world.said('yes')
    expect(await world.standing(id)).toEqual({ state: 'asking' })
    await world.wake().wake()
    await stands(id, 'allowed')
    await world.wake().wake()
    expect((await world.outcome(id)).state).toBe('allowed')
    expect(await world.db.count('answers')).toBe(1)
    expect(await readUnlooked(world.db, 'default', [(await world.row(id)) as never], [])).toEqual([])
  })

  it('client:APR12, APR15 an answer found by replay after the relay’s restart counts like a pushed one', async () => {
    const id = await asked()
    await world.disconnect()
    await world.relay.restart()
    world.ada.send('no')
    await world.connect()
    await stands(id, 'denied')
    expect(await world.outcome(id)).toMatchObject({ decidedBy: 'telegram' })
  })

  it('client:APR12, APR13 a decision made without a connection is handed over by the next one; what was decided elsewhere meanwhile is learned', async () => {
    const [one, two] = [await asked(), await asked({ action: 'mail.send' })]
    const elsewhere = await world.row(two)
    await world.disconnect()
    expect(await world.worker?.decide('default', one, 'allow', 'popup')).toBe(true)
    expect(await world.standing(one)).toMatchObject({ state: 'deciding' })
    const runner = await world.connect()
    await stands(one, 'allowed')
    runner.sockets[0]?.send(
      JSON.stringify({ type: 'approval_decision', id: two, decision: 'deny', argsHash: elsewhere?.argsHash, decidedBy: 'phone' }),
    )
    await stands(two, 'denied')
    expect(await world.standing(two)).toMatchObject({ by: 'phone' })
  })
})
