import type { ChannelMessage } from '#protocol/message.ts'

/** FIN and the opcode of text. */
const TEXT = 0x81
/** Lengths up to 125 stand in the second byte; 126 and 127 there announce two or eight bytes of length. */
const SHORT = 125
const TWO_BYTES = 126
const EIGHT_BYTES = 127

/** A whole unmasked text frame (RFC 6455 §5.2). */
export function textFrame(text: string): Buffer {
  return textFrames([text])
}

/**
 * Frames side by side in one buffer, for one write. Built once and written to every socket that gets the same; without compression a server's frames
 * may go straight into the TCP socket.
 */
export function textFrames(texts: readonly string[]): Buffer {
  const lengths: number[] = []
  let size = 0
  for (const text of texts) {
    const length = Buffer.byteLength(text)
    lengths.push(length)
    size += headerLength(length) + length
  }
  const frames = Buffer.allocUnsafe(size)
  let at = 0
  texts.forEach((text, index) => {
    at = writeHeader(frames, at, lengths[index] ?? 0)
    at += frames.write(text, at)
  })
  return frames
}

function headerLength(length: number): number {
  if (length <= SHORT) return 2
  return length <= 0xffff ? 4 : 10
}

/** Returns where the text begins. */
function writeHeader(frames: Buffer, at: number, length: number): number {
  frames[at] = TEXT
  if (length <= SHORT) {
    frames[at + 1] = length
    return at + 2
  }
  if (length <= 0xffff) {
    frames[at + 1] = TWO_BYTES
    return frames.writeUInt16BE(length, at + 2)
  }
  frames[at + 1] = EIGHT_BYTES
  return frames.writeBigUInt64BE(BigInt(length), at + 2)
}

/** What goes out in one write comes to about this many characters, so that a slow socket is noticed in between. */
const RUN_CHARACTERS = 64 * 1024

/** Messages of one session without a gap, in the forms that the kinds of sockets get; each form is built at most once. relay:WS6, WS8 */
export class MessageRun {
  readonly userId: string
  readonly first: number
  readonly #bodies: string[]
  #characters: number
  #v2: Buffer | undefined
  #legacy: Buffer | undefined

  constructor(message: ChannelMessage) {
    const body = JSON.stringify(message)
    this.userId = message.userId
    this.first = message.seq
    this.#bodies = [body]
    this.#characters = body.length
  }

  get last(): number {
    return this.first + this.#bodies.length - 1
  }

  /** Adds a message of the same session, or returns false: it does not follow, or there is enough in this run. Only before a form is built. */
  take(message: ChannelMessage): boolean {
    if (message.seq !== this.last + 1 || this.#characters >= RUN_CHARACTERS) return false
    const body = JSON.stringify(message)
    this.#bodies.push(body)
    this.#characters += body.length
    return true
  }

  v2(): Buffer {
    this.#v2 ??= textFrames(this.#bodies.map((body, index) => `{"type":"message","seq":${this.first + index},"message":${body}}`))
    return this.#v2
  }

  legacy(): Buffer {
    this.#legacy ??= textFrames(this.#bodies.map((body) => `{"type":"message","message":${body}}`))
    return this.#legacy
  }
}

/** Messages in as few runs as possible; those of a session stay in their order. */
export function runsOf(messages: Iterable<ChannelMessage>): MessageRun[] {
  const runs: MessageRun[] = []
  const latest = new Map<string, MessageRun>()
  for (const message of messages) {
    if (latest.get(message.userId)?.take(message)) continue
    const run = new MessageRun(message)
    latest.set(message.userId, run)
    runs.push(run)
  }
  return runs
}
