import type { Mail } from '../mail.ts'
import { flawOf } from './flaws.ts'
import { parseMail } from './parsedMail.ts'
import { type Asking, type Envelope, proofOf } from './proof.ts'

/** A mail read, or why it is not. */
export type Reading = { kind: 'mail'; mail: Mail } | { kind: 'flawed'; reason: string }

/** Reads a mail and asks the name servers whether it is from whom it says. relay:EML8, EML9 */
export async function readMail(raw: Buffer, envelope: Envelope, asking: Asking): Promise<Reading> {
  const flaw = flawOf(raw)
  if (flaw !== undefined) return { kind: 'flawed', reason: flaw }
  const parsed = await parseMail(raw, envelope.mailFrom)
  if ('flaw' in parsed) return { kind: 'flawed', reason: parsed.flaw }
  return { kind: 'mail', mail: { ...parsed, proof: await proofOf(raw, parsed.from, envelope, asking) } }
}
