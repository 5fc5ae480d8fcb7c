import { PassThrough, type Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import * as ws from 'ws'
import { MessageFrames, textFrame } from '../../../../server/ws/frame.ts'

/** The library's parser, which its types leave out. */
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean; maxPayload: number }) => Writable }

/** What the ws library's own parser reads from our bytes. */
function parse(bytes: Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const texts: string[] = []
    const receiver = new Receiver({ isServer: false, maxPayload: 10_000_000 })
    receiver.on('message', (data: Buffer, isBinary: boolean) => texts.push(`${isBinary} ${data}`))
    receiver.on('error', reject)
    receiver.on('finish', () => resolve(texts))
    new PassThrough().end(bytes).pipe(receiver)
  })
}

describe('frames built by hand', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 1_000_000])(
    'relay:WS8 %i bytes are read by a WebSocket parser as they were',
    async (length) => {
      const text = 'a'.repeat(length)
      expect(await parse(Buffer.concat([textFrame(text), textFrame('next')]))).toEqual([`false ${text}`, 'false next'])
    },
  )

  it('relay:WS8 lengths are bytes, not characters', async () => {
    const text = 'äöü😀'.repeat(20)
    expect(await parse(textFrame(text))).toEqual([`false ${text}`])
  })

  it('relay:WS6, WS8 a message is framed once per kind of socket', async () => {
    const frames = new MessageFrames({
      id: 'm',
      seq: 3,
      userId: 'u',
      channelType: 'webhook',
      channelId: 'c',
      from: 'f',
      content: 'x',
      timestamp: 't',
      metadata: {},
    })
    expect(frames.v2()).toBe(frames.v2())
    expect(frames.legacy()).toBe(frames.legacy())
    const [v2 = '', legacy = ''] = await parse(Buffer.concat([frames.v2(), frames.legacy()]))
    expect(JSON.parse(v2.slice(6))).toMatchObject({ type: 'message', seq: 3, message: { id: 'm', seq: 3 } })
    expect(Object.keys(JSON.parse(legacy.slice(6)))).toEqual(['type', 'message'])
  })
})
