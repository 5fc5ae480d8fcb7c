import { safetyGroups, safetyText } from '#protocol/safetyNumber.ts'

/** The 60 digits that two sides compare, of the fingerprints of the profile's key and of the relay's. client:SAF1 */
export async function safetyNumber(one: string, other: string): Promise<string> {
  return safetyGroups(await hash(one), await hash(other))
}

async function hash(fingerprint: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-512', new TextEncoder().encode(safetyText(fingerprint))))
}
