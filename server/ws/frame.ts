import type { ChannelMessage } from '#protocol/message.ts'

/** FIN and the opcode of text. */
const TEXT = 0x81
/** Lengths up to 125 stand in the second byte; 126 and 127 there announce two or eight bytes of length. */
const SHORT = 125
const TWO_BYTES = 126
const EIGHT_BYTES = 127

/**
 * A whole unmasked text frame (RFC 6455 §5.2). Built once and written to every socket that gets the same text; without compression a server's
 * frames may go straight into the TCP socket. The text may come in parts, which saves joining them first.
 */
export function textFrame(...parts: string[]): Buffer {
  let length = 0
  for (const part of parts) length += Buffer.byteLength(part)
  const header = length <= SHORT ? 2 : length <= 0xffff ? 4 : 10
  const frame = Buffer.allocUnsafe(header + length)
  frame[0] = TEXT
  if (header === 2) frame[1] = length
  else if (header === 4) {
    frame[1] = TWO_BYTES
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = EIGHT_BYTES
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  let at = header
  for (const part of parts) at += frame.write(part, at)
  return frame
}

/** What a message looks like on each kind of socket; each is built at most once. relay:WS6, WS8 */
export class MessageFrames {
  readonly #message: ChannelMessage
  #json: string | undefined
  #v2: Buffer | undefined
  #legacy: Buffer | undefined

  constructor(message: ChannelMessage) {
    this.#message = message
  }

  get seq(): number {
    return this.#message.seq
  }

  v2(): Buffer {
    this.#v2 ??= textFrame(`{"type":"message","seq":${this.seq},"message":`, this.#body(), '}')
    return this.#v2
  }

  legacy(): Buffer {
    this.#legacy ??= textFrame('{"type":"message","message":', this.#body(), '}')
    return this.#legacy
  }

  #body(): string {
    this.#json ??= JSON.stringify(this.#message)
    return this.#json
  }
}
