import { WebSocket } from 'ws'

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the relay said
export type Frame = any
export type TestSocket = Awaited<ReturnType<typeof openTestSocket>>

/** A test that waits longer than this for a frame has failed, unless it says otherwise. */
const PATIENCE_MS = 25_000

/** What the relay answered instead of 101. */
export class HandshakeRefused extends Error {
  readonly status: number
  readonly text: string
  readonly json: Frame
  readonly headers: Record<string, string | string[] | undefined>
  constructor(status: number, text: string, headers: Record<string, string | string[] | undefined>) {
    super(`handshake refused: ${status} ${text}`)
    this.status = status
    this.text = text
    this.headers = headers
    try {
      this.json = JSON.parse(text)
    } catch {
      this.json = undefined
    }
  }
}

/** Opens a socket and reads it with `next()`. Rejects with HandshakeRefused. */
export async function openTestSocket(
  url: string,
  protocols: string[] = [],
  { headers = {}, patienceMs = PATIENCE_MS }: { headers?: Record<string, string>; patienceMs?: number } = {},
) {
  const socket = new WebSocket(url, protocols, { headers })
  const waiting: Frame[] = []
  const readers: { take: (frame: Frame) => void; fail: (error: Error) => void }[] = []
  let ended: { code: number; reason: string } | undefined

  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      ended = { code, reason: reason.toString() }
      for (const reader of readers.splice(0)) reader.fail(new Error(`socket closed: ${code} ${reason}`))
      resolve(ended)
    })
  })
  socket.on('message', (data) => {
    const frame: Frame = JSON.parse(data.toString())
    const reader = readers.shift()
    if (reader) reader.take(frame)
    else waiting.push(frame)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (_request, response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => reject(new HandshakeRefused(response.statusCode ?? 0, text, response.headers)))
    })
  })
  socket.on('error', () => {})

  function next(): Promise<Frame> {
    if (waiting.length > 0) return Promise.resolve(waiting.shift())
    if (ended) return Promise.reject(new Error(`socket closed: ${ended.code} ${ended.reason}`))
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error('no frame came')), patienceMs)
      const done = <T>(settle: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(patience)
          settle(value)
        }
      }
      readers.push({ take: done(resolve), fail: done(reject) })
    })
  }

  async function nextWhere(wanted: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const frame = await next()
      if (wanted(frame)) return frame
    }
  }

  return {
    socket,
    protocol: socket.protocol,
    /** The next frame, whatever it is. */
    next,
    /** The next frame that is wanted; others before it are dropped. */
    nextWhere,
    /** The next frame of a type; others before it are dropped. */
    nextOf: (type: string) => nextWhere((frame) => frame.type === type),
    /** Every frame up to and including the first of a type. */
    async until(type: string): Promise<Frame[]> {
      const frames: Frame[] = []
      for (;;) {
        frames.push(await next())
        if (frames.at(-1).type === type) return frames
      }
    },
    /** Frames that came and were not read yet. */
    unread: (): Frame[] => [...waiting],
    send: (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    closed,
    close: () => {
      socket.close()
      return closed
    },
  }
}
