/** Crockford base32 without I, L, O, U. relay:PAIR1 */
export const PAIRING_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Upper case, no spaces or dashes (also those a phone's keyboard makes of them), O as 0, I and L as 1. relay:PAIR2 */
export function normalisePairingCode(text: string): string {
  return text
    .replace(/[\s\p{Pd}]/gu, '')
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
}

const CODE = new RegExp(`^[${PAIRING_ALPHABET}]{8}$`)

/** Whether a normalised text has the form of a code. relay:PAIR1, PAIR4 */
export function isPairingCode(normalised: string): boolean {
  return CODE.test(normalised)
}

/** `K7M4 PX2Q`, the way people read it aloud. */
export function formatPairingCode(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`
}
