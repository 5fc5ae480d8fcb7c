const text = (bytes: Uint8Array, at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length))

/** The type of a recording that may be played, told by its first bytes; `undefined` for everything else. client:VCE2 */
export function audioType(bytes: Uint8Array): string | undefined {
  if (text(bytes, 0, 4) === 'OggS') return 'audio/ogg'
  if (text(bytes, 0, 4) === 'fLaC') return 'audio/flac'
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WAVE') return 'audio/wav'
  if (text(bytes, 4, 4) === 'ftyp') return 'audio/mp4'
  if (text(bytes, 0, 4) === '\x1a\x45\xdf\xa3') return 'audio/webm'
  if (text(bytes, 0, 3) === 'ID3') return 'audio/mpeg'
  const [first = 0, second = 0] = bytes
  // A frame of MPEG audio: eleven set bits, then its version and layer; layer 0 is AAC in its own wrapping.
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined
  return (second & 0x06) === 0 ? 'audio/aac' : 'audio/mpeg'
}
