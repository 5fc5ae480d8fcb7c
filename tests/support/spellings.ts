/** As it is, escaped for a URL, in hexadecimal, and in Base64 wherever in an encoded text it stands. */
export function spellingsOf(value: string): Buffer[] {
  const bytes = Buffer.from(value)
  const plain = [value, encodeURIComponent(value), bytes.toString('hex')]
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    // What depends on the neighbours as well is left out.
    return text.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + bytes.length) * 4) / 3))
  })
  // A key that is written as digits may be kept as bytes.
  const raw = /^(?:[0-9a-f]{2}){16,}$/.test(value) ? [Buffer.from(value, 'hex')] : []
  const encoded = shifted.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
  const texts = [...plain, ...encoded, ...raw.map((key) => key.toString('base64').replace(/=+$/, ''))]
  return [...[...new Set(texts)].map((text) => Buffer.from(text)), ...raw]
}
