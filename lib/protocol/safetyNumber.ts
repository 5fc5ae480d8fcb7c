/** What each half is hashed with: another text here would be another number on one side only. client:SAF1 */
const LABEL = 'chaos-relay safety number 1'
/** Six groups of five digits for each of the two keys. */
const GROUPS = 6
/** Of the hash, five bytes make a group: as many as leave no digit likelier than another by more than a millionth. */
const BYTES = 5

/** What is hashed with SHA-512 for one key, of its fingerprint (client:PIN6). client:SAF1 */
export function safetyText(fingerprint: string): string {
  return `${LABEL}\n${fingerprint.replaceAll(' ', '')}`
}

/** Twelve groups of five digits from the hashes of both keys, the same whichever is named first. client:SAF1 */
export function safetyGroups(one: Uint8Array, other: Uint8Array): string {
  return [half(one), half(other)].sort().join(' ')
}

function half(hash: Uint8Array): string {
  return Array.from({ length: GROUPS }, (_, group) => {
    const bytes = hash.subarray(group * BYTES, (group + 1) * BYTES)
    const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
    return String(number % 100_000).padStart(5, '0')
  }).join(' ')
}
