import { PassThrough, type Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import * as ws from 'ws'
import { runsOf, textFrame } from '../../../../server/ws/frame.ts'

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

  const message = (seq: number, userId = 'u', content = 'x') => ({
    id: `m${seq}`,
    seq,
    userId,
    channelType: 'webhook' as const,
    channelId: 'c',
    from: 'f',
    content,
    timestamp: 't',
    metadata: {},
  })

  it('relay:WS6, WS8 messages are framed once per kind of socket', async () => {
    const [run] = runsOf([message(3), message(4)])
    if (!run) throw new Error('There is no run.')
    expect(run.v2()).toBe(run.v2())
    expect(run.legacy()).toBe(run.legacy())
    const texts = await parse(Buffer.concat([run.v2(), run.legacy()]))
    const [v3, v4, legacy3, legacy4] = texts.map((text) => JSON.parse(text.slice('false '.length)))
    expect(v3).toEqual({ type: 'message', seq: 3, message: message(3) })
    expect(v4).toEqual({ type: 'message', seq: 4, message: message(4) })
    expect(legacy3).toEqual({ type: 'message', message: message(3) })
    expect(legacy4).toEqual({ type: 'message', message: message(4) })
  })

  it('relay:WS10 a run is of one session and has no gap', () => {
    const runs = runsOf([message(1), message(8, 'other'), message(2), message(9, 'other'), message(4), message(3)])
    expect(runs.map(({ userId, first, last }) => [userId, first, last])).toEqual([
      ['u', 1, 2],
      ['other', 8, 9],
      ['u', 4, 4],
      ['u', 3, 3],
    ])
  })

  it('relay:WS15 a run ends when it is long enough for one write', () => {
    const long = 'a'.repeat(40_000)
    const runs = runsOf([1, 2, 3, 4, 5].map((seq) => message(seq, 'u', long)))
    expect(runs.map(({ first, last }) => [first, last])).toEqual([
      [1, 2],
      [3, 4],
      [5, 5],
    ])
  })
})
