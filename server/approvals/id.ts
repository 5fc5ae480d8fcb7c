import { PAIRING_ALPHABET } from '#protocol/pairing.ts'

const CHARACTERS = 8

/** 40 random bits a person can read and type ("yes k7m4px2q"): lower-case Crockford base32, whose 32 letters divide a byte evenly. */
export function newApprovalId(random: (bytes: number) => Uint8Array): string {
  return Array.from(random(CHARACTERS), (byte) => PAIRING_ALPHABET.charAt(byte & 31))
    .join('')
    .toLowerCase()
}
