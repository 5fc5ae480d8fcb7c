import { crc32, deflateSync, inflateSync } from 'node:zlib'

/** Pixels of a picture, row by row, as 0xrrggbb. */
export type Pixels = { width: number; height: number; colours: Uint32Array }

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
/** Colour types: truecolour without and with transparency, which a page's picture does not have. */
const BYTES_PER_PIXEL: Record<number, number> = { 2: 3, 6: 4 }

/** Reads what Chromium writes: 8 bits a channel, not interlaced. Throws on anything else. */
export function readPng(file: Buffer): Pixels {
  const width = file.readUInt32BE(16)
  const height = file.readUInt32BE(20)
  const step = BYTES_PER_PIXEL[file[25] ?? -1]
  if (file[24] !== 8 || step === undefined || file[28] !== 0) throw new Error('Not a picture as Chromium takes them.')
  const data: Buffer[] = []
  for (let at = SIGNATURE.length; at < file.length; ) {
    const size = file.readUInt32BE(at)
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(file.subarray(at + 8, at + 8 + size))
    at += size + 12
  }
  const bytes = unfilter(inflateSync(Buffer.concat(data)), width * step, height, step)
  const colours = new Uint32Array(width * height)
  for (let index = 0; index < colours.length; index += 1) colours[index] = bytes.readUIntBE(index * step, 3)
  return { width, height, colours }
}

/** Undoes the five filters of the format. */
function unfilter(raw: Buffer, rowSize: number, height: number, step: number): Buffer {
  const out = Buffer.alloc(rowSize * height)
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (rowSize + 1)] ?? 0
    const start = row * rowSize
    for (let column = 0; column < rowSize; column += 1) {
      const left = column < step ? 0 : (out[start + column - step] ?? 0)
      const up = row === 0 ? 0 : (out[start + column - rowSize] ?? 0)
      const corner = row === 0 || column < step ? 0 : (out[start + column - rowSize - step] ?? 0)
      const guess = [0, left, up, (left + up) >> 1, filter === 4 ? paeth(left, up, corner) : 0][filter] ?? 0
      out[start + column] = (raw[row * (rowSize + 1) + 1 + column] ?? 0) + guess
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner)
  const toUp = Math.abs(left - corner)
  const toCorner = Math.abs(left + up - 2 * corner)
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

/** A picture of up to 256 colours, a byte a pixel. */
export function writePng(width: number, height: number, palette: readonly number[], indexes: Uint8Array): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3], 8)
  const colours = Buffer.alloc(palette.length * 3)
  for (const [index, colour] of palette.entries()) colours.writeUIntBE(colour, index * 3, 3)
  const rows = Buffer.alloc((width + 1) * height)
  for (let row = 0; row < height; row += 1) rows.set(indexes.subarray(row * width, (row + 1) * width), row * (width + 1) + 1)
  const packed = deflateSync(rows, { level: 9, memLevel: 9 })
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', packed),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A picture of all colours, three bytes a pixel, without transparency. */
export function writeFullPng({ width, height, colours }: Pixels): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const rowSize = width * 3
  const plain = Buffer.alloc(rowSize * height)
  for (const [index, colour] of colours.entries()) plain.writeUIntBE(colour, index * 3, 3)
  const rows = Buffer.alloc((rowSize + 1) * height)
  for (let row = 0; row < height; row += 1) {
    // Each row as what differs from the one above: grounds become nothing.
    rows[row * (rowSize + 1)] = 2
    for (let column = 0; column < rowSize; column += 1) {
      const at = row * rowSize + column
      rows[row * (rowSize + 1) + 1 + column] = (plain[at] ?? 0) - (row === 0 ? 0 : (plain[at - rowSize] ?? 0))
    }
  }
  const packed = deflateSync(rows, { level: 9, memLevel: 9 })
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(data.length + 12)
  out.writeUInt32BE(data.length, 0)
  out.write(type, 4, 'latin1')
  data.copy(out, 8)
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8)
  return out
}
