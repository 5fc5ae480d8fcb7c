import { connect } from 'node:net'

/** Header fields a filter puts above a mail. */
type Inserted = { name: string; value: string }

const [NUL, NEGOTIATE, CONNECT, HELO, MAIL, RCPT, HEADER, END_OF_HEADER, BODY, END] = [
  '\0',
  'O',
  'C',
  'H',
  'M',
  'R',
  'L',
  'N',
  'B',
  'E',
]
const VERSION = 6
/** What a filter may do: everything a filter can ask for, of which only new header fields are looked at. */
const ALL_ACTIONS = 0x1ff
const INSERTED = new Set(['h', 'i'])

/**
 * Shows a mail to a filter as Sendmail and Postfix do (the milter protocol), as if somebody on this machine had handed it in, and returns it with what
 * the filter put above it.
 */
export async function filteredBy(port: number, raw: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  const answers = packets(socket)
  const say = async (command: string, data: Buffer | string = '') => {
    const body = Buffer.concat([Buffer.from(command), Buffer.from(data)])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length)
    socket.write(Buffer.concat([length, body]))
    const { value } = await answers.next()
    if (!value) throw new Error(`The filter ended at ${command}.`)
    return value
  }
  const numbers = Buffer.alloc(12)
  numbers.writeUInt32BE(VERSION, 0)
  numbers.writeUInt32BE(ALL_ACTIONS, 4)
  await say(NEGOTIATE, numbers)
  await say(CONNECT, Buffer.concat([Buffer.from(`localhost${NUL}4`), Buffer.from([0x30, 0x39]), Buffer.from(`127.0.0.1${NUL}`)]))
  await say(HELO, `localhost${NUL}`)
  await say(MAIL, `<ada@example.com>${NUL}`)
  await say(RCPT, `<relay@mail.example.org>${NUL}`)
  const split = raw.indexOf('\r\n\r\n')
  for (const field of raw.slice(0, split).split(/\r\n(?![ \t])/)) {
    const colon = field.indexOf(':')
    await say(HEADER, `${field.slice(0, colon)}${NUL}${field.slice(colon + 1).trimStart()}${NUL}`)
  }
  await say(END_OF_HEADER)
  await say(BODY, raw.slice(split + 4))
  const inserted: Inserted[] = []
  for (let packet = await say(END); INSERTED.has(String.fromCharCode(packet[0] ?? 0)); ) {
    const [name = '', value = ''] = packet
      .subarray(packet[0] === 'i'.charCodeAt(0) ? 5 : 1)
      .toString('latin1')
      .split(NUL)
    inserted.push({ name, value })
    const next = await answers.next()
    if (!next.value) break
    packet = next.value
  }
  socket.destroy()
  return inserted.map(({ name, value }) => `${name}: ${value.replace(/\r?\n/g, '\r\n')}\r\n`).join('') + raw
}

async function* packets(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  let buffered = Buffer.alloc(0)
  for await (const chunk of stream) {
    buffered = Buffer.concat([buffered, chunk])
    while (buffered.length >= 4 && buffered.length >= 4 + buffered.readUInt32BE(0)) {
      const end = 4 + buffered.readUInt32BE(0)
      yield buffered.subarray(4, end)
      buffered = buffered.subarray(end)
    }
  }
  return undefined
}
