import { Resolver } from 'node:dns/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { DNSResolver } from 'mailauth'
import type { InboundFile } from '../../port.ts'
import type { Envelope } from './proof.ts'
import { readMail } from './readMail.ts'

/** What a reader is started with: what the relay calls itself, and whom to ask for names; the system's name servers when unset. */
export type WorkerSettings = { mta: string; nameServers?: readonly string[] }
export type WorkerJob = { raw: Uint8Array; envelope: Envelope }

/** A question is asked twice, for 8 seconds in all. */
const RESOLVER = { timeout: 4_000, tries: 2 }

/** Of texts only the line break is ever handed in. */
type Piece = Uint8Array | ArrayBuffer | '\n'
const NEWLINE = Uint8Array.of(10)

/** Node's own takes 2 kB and 13 µs for each of its pieces, and postal-mime makes one of every line. Here, in this thread, a plain one will do. */
class PlainBlob {
  readonly #pieces: readonly Piece[]
  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    const parts = this.#pieces.map((piece) => (typeof piece === 'string' ? NEWLINE : bytesOf(piece)))
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
    let at = 0
    for (const part of parts) {
      bytes.set(part, at)
      at += part.byteLength
    }
    return bytes.buffer
  }
}

const { mta, nameServers }: WorkerSettings = workerData
const names = new Resolver(RESOLVER)
if (nameServers) names.setServers(nameServers)
const resolver: DNSResolver = async (name, type) => (await names.resolve(name, type)) as string[] | string[][]
Object.defineProperty(globalThis, 'Blob', { value: PlainBlob })

parentPort?.on('message', async ({ raw, envelope }: WorkerJob) => {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const reading = await readMail(bytes, envelope, { mta, resolver })
  parentPort?.postMessage(reading, reading.kind === 'mail' ? buffersOf(reading.mail.files) : [])
})

/** Files are handed over, not copied. */
function buffersOf(files: readonly InboundFile[]): ArrayBuffer[] {
  const buffers = files.flatMap((file) => ('bytes' in file && file.bytes.buffer instanceof ArrayBuffer ? [file.bytes.buffer] : []))
  return [...new Set(buffers)]
}

function bytesOf(piece: Uint8Array | ArrayBuffer): Uint8Array {
  return piece instanceof ArrayBuffer ? new Uint8Array(piece) : piece
}
