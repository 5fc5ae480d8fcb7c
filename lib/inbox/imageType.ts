const signatures: { type: string; at: number; bytes: number[] }[] = [
  { type: 'image/png', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  { type: 'image/webp', at: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
]

/** The type of an image that may be shown, told by its first bytes; `undefined` for everything else, SVG included. client:CAT2 */
export function previewType(bytes: Uint8Array): string | undefined {
  const found = signatures.find(({ at, bytes: wanted }) => wanted.every((byte, index) => bytes[at + index] === byte))
  if (found?.type === 'image/webp' && String.fromCharCode(...bytes.subarray(0, 4)) !== 'RIFF') return undefined
  return found?.type
}
