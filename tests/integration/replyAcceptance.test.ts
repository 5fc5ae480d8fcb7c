import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_ATTACHMENT_BYTES, MAX_REPLY_BYTES } from '#protocol/limits.ts'
import { openOutbox, type TestOutbox } from '../support/outbox.ts'

let box: TestOutbox
beforeEach(async () => {
  box = await openOutbox()
  await box.addChannel('chat')
  await box.hear('chat', 'bert')
  await box.hear('chat', 'anna')
})
afterEach(() => box.close())

const refusal = (body: unknown) =>
  box.accept(body).then(
    () => 'accepted',
    (error: { code: string; status: number }) => `${error.status} ${error.code}`,
  )
const stored = async (responseId: string) => box.store.replies.byId(box.user.userId, responseId)
const queued = () => box.store.replies.claimDue(box.clock.now(), 500)
const file = (bytes: Uint8Array, filename = 'a.bin', mimeType = 'application/octet-stream') => ({
  filename,
  mimeType,
  dataBase64: Buffer.from(bytes).toString('base64'),
})
const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex')

describe('accepting replies', () => {
  it('relay:REP1 refuses what is missing or of the wrong type, in its own words', async () => {
    for (const body of [
      {},
      { channelId: 'chat' },
      { content: 'x' },
      { channelId: '', content: 'x' },
      { channelId: 'chat', content: '' },
    ]) {
      await expect(box.accept(body)).rejects.toMatchObject({
        code: 'missing_field',
        message: 'Missing channelId or content',
        status: 400,
      })
    }
    expect(await refusal({ channelId: null, content: null })).toBe('400 missing_field')
    for (const wrong of [
      { content: 5 },
      { content: ['x'] },
      { channelId: 7 },
      { replyTo: 7 },
      { metadata: 'x' },
      { metadata: [] },
      { attachments: 'x' },
      { clientId: '' },
      { clientId: 'x'.repeat(65) },
      { clientId: 5 },
    ]) {
      expect([wrong, await refusal({ channelId: 'chat', content: 'x', ...wrong })]).toEqual([wrong, '400 invalid_field'])
    }
    for (const body of [undefined, null, 'x', [1]]) expect(await refusal(body)).toBe('400 invalid_body')
    expect(await queued()).toEqual([])
  })

  it('relay:REP1 content may be empty with an attachment, and absent members may be null', async () => {
    const body = { channelId: 'chat', content: '', attachments: [file(PNG)], metadata: null, replyTo: null, clientId: null }
    expect(await refusal(body)).toBe('accepted')
  })

  it('relay:REP2 takes 65,536 UTF-8 bytes and refuses one more, whole', async () => {
    const largest = 'é'.repeat(MAX_REPLY_BYTES / 2)
    const { responseId } = await box.accept({ channelId: 'chat', content: largest })
    expect((await stored(responseId))?.content).toBe(largest)
    expect(await refusal({ channelId: 'chat', content: `${largest}x` })).toBe('413 content_too_large')
  })

  it('relay:REP3 an unknown and a foreign channel get the same answer; the claimed type is ignored', async () => {
    const other = await box.addUser()
    await box.addChannel('foreign', { userId: other.userId })
    await box.hear('foreign', 'x', other.userId)
    const errors = await Promise.all(
      ['foreign', 'unknown'].map((channelId) => box.accept({ channelId, content: 'x' }).catch((error: Error) => error)),
    )
    expect(errors[0]).toMatchObject({ code: 'channel_not_found', status: 404 })
    expect(errors[0]).toEqual(errors[1])
    expect(await queued()).toEqual([])
    expect(await box.accept({ channelId: 'chat', content: 'x', channelType: 'email' })).toMatchObject({ channelType: 'telegram' })
  })

  it('relay:REP4 refuses channels that are off, unpaired, unverified or without a conversation', async () => {
    await box.addChannel('off', { enabled: false })
    await box.addChannel('unpaired', { metadata: { allowedUsers: [] } })
    await box.addChannel('new', { type: 'discord', metadata: {} })
    await box.addChannel('mail', { type: 'email', platform: { verified: false } })
    await box.addChannel('quiet')
    await box.addChannel('quietMail', { type: 'email', platform: { verified: true } })
    const codes = []
    for (const channelId of ['off', 'unpaired', 'new', 'mail', 'quiet', 'quietMail'])
      codes.push(await refusal({ channelId, content: 'x' }))
    const expected = ['channel_disabled', 'not_paired', 'not_paired', 'not_verified', 'no_target', 'no_target']
    expect(codes).toEqual(expected.map((code) => `409 ${code}`))
    expect(await queued()).toEqual([])
  })

  it('relay:REP5 goes to the named conversation, else to that of the answered message, else to the last one', async () => {
    const fromBert = await box.hear('chat', 'bert')
    await box.hear('chat', '42')
    const target = async (more: object) =>
      (await stored((await box.accept({ channelId: 'chat', content: 'x', ...more })).responseId))?.target
    expect(await target({ metadata: { chatId: 'anna' }, replyTo: fromBert })).toBe('anna')
    expect(await target({ metadata: { chatId: 42 } })).toBe('42')
    expect(await target({ replyTo: fromBert })).toBe('bert')
    expect(await target({ replyTo: 'unknown' })).toBe('42')
    expect(await target({})).toBe('42')
    expect(await refusal({ channelId: 'chat', content: 'x', metadata: { chatId: 'stranger' }, replyTo: fromBert })).toBe(
      '409 no_target',
    )
  })

  it('relay:REP5 a message of another channel does not lend its conversation, and each kind has its own name for it', async () => {
    for (const [id, type, name] of [
      ['d', 'discord', 'discordChannelId'],
      ['s', 'slack', 'slackChannelId'],
      ['e', 'email', 'senderAddress'],
    ] as const) {
      await box.addChannel(id, { type, platform: { verified: true } })
      const first = await box.hear(id, 'a@x.org')
      await box.hear(id, 'b@x.org')
      const { responseId } = await box.accept({ channelId: id, content: 'x', metadata: { [name]: 'a@x.org', chatId: 'ignored' } })
      expect((await stored(responseId))?.target).toBe('a@x.org')
      expect(await refusal({ channelId: id, content: 'x', metadata: { [name]: 'stranger@x.org' } })).toBe('409 no_target')
      const elsewhere = await box.accept({ channelId: 'chat', content: 'x', replyTo: first })
      expect((await stored(elsewhere.responseId))?.target).toBe('anna')
    }
    const upper = await box.accept({ channelId: 'e', content: 'x', metadata: { senderAddress: 'A@X.org' } })
    expect((await stored(upper.responseId))?.target).toBe('a@x.org')
  })

  it('relay:REP7 relay:REP13 a webhook reply is sent when stored and told after its acknowledgement', async () => {
    await box.addChannel('hook', { type: 'webhook', direction: 'inbound', metadata: {} })
    const answer = await box.accept({ channelId: 'hook', content: 'x', metadata: { a: 1, replyTo: 'old' }, replyTo: 'm-1' })
    expect(answer.state).toBe('sent')
    expect(box.frames).toEqual([])
    expect(await box.status(answer.responseId, 'sent')).toMatchObject({ attempts: 0, channelId: 'hook' })
    expect((await stored(answer.responseId))?.metadata).toEqual({ a: 1, replyTo: 'm-1' })
    const plain = await box.accept({ channelId: 'hook', content: 'x', metadata: { replyTo: 'old' } })
    expect((await stored(plain.responseId))?.metadata).toEqual({})
  })

  it('relay:REP11 a repeated clientId gets the first answer, also at once, from a changed body, and with the channel gone since', async () => {
    const body = { channelId: 'chat', content: 'x', clientId: 'c1' }
    const answers = await Promise.all(Array.from({ length: 100 }, () => box.accept(body)))
    expect(new Set(answers.map(({ responseId }) => responseId)).size).toBe(1)
    expect(await box.accept({ ...body, content: 'other' })).toEqual(answers[0])
    box.channels.delete('chat')
    expect(await box.accept(body)).toEqual(answers[0])
    expect(await queued()).toHaveLength(1)
    const other = await box.addUser()
    await expect(box.replies.accept(other, body)).rejects.toMatchObject({ code: 'channel_not_found' })
  })

  it('relay:REP11 the answer to a repeat tells the state as it is now', async () => {
    box.outbox.start()
    const body = { channelId: 'chat', content: 'x', clientId: 'c1' }
    const { responseId } = await box.accept(body)
    await box.status(responseId, 'sent')
    expect(await box.accept(body)).toMatchObject({ responseId, state: 'sent' })
  })

  it('relay:DUR3 an Idempotency-Key works once; another body with it is a conflict', async () => {
    const body = { channelId: 'chat', content: 'x' }
    const key = (bodyHash: string) => ({ key: 'k', bodyHash })
    const answers = await Promise.all(Array.from({ length: 100 }, () => box.accept(body, key('h'))))
    expect(new Set(answers.map(({ responseId }) => responseId)).size).toBe(1)
    expect(await queued()).toHaveLength(1)
    await expect(box.accept({ ...body, content: 'y' }, key('h2'))).rejects.toMatchObject({
      code: 'idempotency_conflict',
      status: 409,
    })
  })

  it('relay:REP12 takes three files of 5 MiB and no more, no larger, nothing but base64', async () => {
    const large = new Uint8Array(MAX_ATTACHMENT_BYTES).fill(7)
    const { responseId } = await box.accept({
      channelId: 'chat',
      content: 'x',
      attachments: [file(large), file(large), file(large)],
    })
    const reply = await stored(responseId)
    expect(reply?.attachments.map(({ size }) => size)).toEqual([large.length, large.length, large.length])
    const read = await box.store.attachments.read(responseId, reply?.attachments[2]?.id ?? '')
    expect(read?.state === 'stored' && Buffer.compare(read.bytes, large)).toBe(0)
    const tooLarge = file(new Uint8Array(MAX_ATTACHMENT_BYTES + 1))
    expect(await refusal({ channelId: 'chat', content: 'x', attachments: [tooLarge] })).toBe('413 attachment_too_large')
    const four = [file(PNG), file(PNG), file(PNG), file(PNG)]
    expect(await refusal({ channelId: 'chat', content: 'x', attachments: four })).toBe('413 attachment_too_large')
    for (const dataBase64 of ['a', 'ab-_', 'ab cd', 'abcd=e', '====', 'abcde', 'ÿÿÿÿ']) {
      const code = await refusal({ channelId: 'chat', content: 'x', attachments: [{ filename: 'a', mimeType: 'a/b', dataBase64 }] })
      expect([dataBase64, code]).toEqual([dataBase64, '400 invalid_field'])
    }
    for (const broken of [{}, 5, null, { filename: 'a', mimeType: 'a/b' }, { filename: 1, mimeType: 'a/b', dataBase64: '' }]) {
      expect(await refusal({ channelId: 'chat', content: 'x', attachments: [broken] })).toBe('400 invalid_field')
    }
    expect((await queued()).map((found) => found.responseId)).toEqual([responseId])
  })

  it('relay:ATT2 only the first bytes make a picture, and names lose paths and controls', async () => {
    const attachments = [
      file(PNG, '..\\..\\evil\u0000\u202egnp.png', 'text/plain'),
      file(Buffer.from('<svg/>'), '/etc/passwd', 'image/png'),
      file(Buffer.from('x'), 'n'.repeat(300), 'Text/Plain; charset=x'),
    ]
    const { responseId } = await box.accept({ channelId: 'chat', content: 'x', attachments })
    const files = (await stored(responseId))?.attachments ?? []
    expect(files.map(({ kind, mimeType }) => `${kind} ${mimeType}`)).toEqual([
      'image image/png',
      'file image/png',
      'file text/plain',
    ])
    expect(files[0]?.filename).toBe('evilgnp.png')
    expect(files[1]?.filename).toBe('passwd')
    expect(files[2]?.filename).toHaveLength(120)
  })

  it('relay:SAN4 text keeps < > & and loses controls and direction changes only', async () => {
    const { responseId } = await box.accept({
      channelId: 'chat',
      content: 'a<b and c>d & e\r\nx\u0000y\u202ez\ud800',
      metadata: { note: 'p\u0007q' },
    })
    const reply = await stored(responseId)
    expect(reply?.content).toBe('a<b and c>d & e\nxy\ufffdz')
    expect(reply?.metadata).toEqual({ note: 'pq' })
  })

  it('relay:REP6 relay:ERR2 nothing is acknowledged when the store cannot take it', async () => {
    let full = false
    const trouble = await openOutbox({
      beforeCommit() {
        if (full) throw Object.assign(new Error('disk full'), { errcode: 13 })
      },
    })
    await trouble.addChannel('chat')
    await trouble.hear('chat', 'anna')
    full = true
    await expect(trouble.accept({ channelId: 'chat', content: 'x' })).rejects.toMatchObject({
      code: 'storage_unavailable',
      status: 503,
    })
    full = false
    expect(await trouble.store.replies.claimDue(trouble.clock.now(), 10)).toEqual([])
    await trouble.close()
  })
})
