import { createSocket } from 'node:dgram'

type Kind = 'A' | 'AAAA' | 'MX' | 'TXT' | 'PTR' | 'CNAME'
/** Names in lower case; of each kind the values, MX as `10 mail.example.org`. `silent` never answers, `broken` answers with a failure. */
export type Zone = Record<string, Partial<Record<Kind, string[]>> | 'silent' | 'broken'>

const CODES: Record<Kind, number> = { A: 1, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28 }
const KINDS = new Map(Object.entries(CODES).map(([kind, code]) => [code, kind as Kind]))
const [NO_ERROR, FAILED, NO_SUCH_NAME] = [0, 2, 3]

export type NameServer = Awaited<ReturnType<typeof startNameServer>>

/** A name server on loopback for the names of a zone (RFC 1035); every other name does not exist. The zone may be changed while it runs. */
export async function startNameServer(zone: Zone) {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (query, from) => {
    const { name, kind, end } = questionOf(query)
    asked.push(`${name} ${kind}`)
    const records = zone[name]
    if (records === 'silent') return
    const values = records && records !== 'broken' ? ((kind && records[kind]) ?? []) : []
    const code = records === 'broken' ? FAILED : records || isParent(zone, name) ? NO_ERROR : NO_SUCH_NAME
    socket.send(answer(query.subarray(0, end), code, kind ?? 'A', values), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  return {
    port,
    /** As name servers are told to a relay. */
    address: `127.0.0.1:${port}`,
    zone,
    /** What was asked, in order. */
    asked,
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  }
}

/** A name above existing ones exists, although it has no records. */
function isParent(zone: Zone, name: string): boolean {
  return Object.keys(zone).some((known) => known.endsWith(`.${name}`))
}

function questionOf(query: Buffer): { name: string; kind: Kind | undefined; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.').toLowerCase(), kind: KINDS.get(query.readUInt16BE(at + 1)), end: at + 5 }
}

function answer(question: Buffer, code: number, kind: Kind, values: readonly string[]): Buffer {
  const head = Buffer.from(question)
  // An authoritative answer, recursion available.
  head.writeUInt16BE(0x8580 | code, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(values.length, 6)
  head.writeUInt32BE(0, 8)
  return Buffer.concat([head, ...values.flatMap((value) => record(kind, value))])
}

function record(kind: Kind, value: string): Buffer[] {
  const data = dataOf(kind, value)
  const head = Buffer.alloc(12)
  // The name is the one that was asked for.
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(CODES[kind], 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(60, 6)
  head.writeUInt16BE(data.length, 10)
  return [head, data]
}

function dataOf(kind: Kind, value: string): Buffer {
  switch (kind) {
    case 'A':
      return Buffer.from(value.split('.').map(Number))
    case 'AAAA':
      return Buffer.from(value.split(':').flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]))
    case 'MX': {
      const [preference = '', host = ''] = value.split(' ')
      return Buffer.concat([Buffer.from([0, Number(preference)]), nameBytes(host)])
    }
    case 'TXT':
      return Buffer.concat(
        (value.match(/[\s\S]{1,255}/g) ?? ['']).flatMap((piece) => [Buffer.from([piece.length]), Buffer.from(piece)]),
      )
    default:
      return nameBytes(value)
  }
}

function nameBytes(name: string): Buffer {
  return Buffer.concat([...name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]), Buffer.from([0])])
}
