import { isPairingCode, normalisePairingCode } from '#protocol/pairing.ts'

/** A text that may be meant as a pairing code. `command` is true for `/start <arg>`, which is a guess whatever the argument is. */
export type PairingAttempt = { code: string; command: boolean }

/** `/start CODE`, also addressed to a bot by name as chats do it. */
const START = /^\/start(?:@\w+)?\s+(\S.*)$/s
/** A code with generous spacing; anything longer is prose and not worth normalising. */
const LONGEST_CODE_TEXT = 64

/** Undefined when the text is an ordinary message. relay:PAIR2, PAIR4 */
export function readPairingText(text: string): PairingAttempt | undefined {
  const trimmed = text.trim()
  const argument = START.exec(trimmed)?.[1]
  if (argument !== undefined) return { code: normalisePairingCode(argument.slice(0, LONGEST_CODE_TEXT)), command: true }
  if (trimmed.length > LONGEST_CODE_TEXT) return undefined
  const code = normalisePairingCode(trimmed)
  return isPairingCode(code) ? { code, command: false } : undefined
}
