import { type Cursor, readTime } from './cursor.ts'
import { recipientsOf } from './intake.ts'
import type { Resend } from './resend.ts'
import { summarySchema } from './resendModel.ts'

/** A mail in the provider's list. `at` in epoch milliseconds. */
export type Listed = { mailId: string; at: number; recipients: string[] }

/**
 * What the list has beyond the cursor, oldest first, and the time of its newest mail. Pages run from new to old until one ends before the
 * cursor's horizon; that holds too when the mail last seen is no longer listed. One unreadable entry hides no other. relay:EML7
 */
export async function listNew({
  cursor,
  page,
  now,
}: {
  cursor: Cursor
  page: Resend['received']
  now: number
}): Promise<{ mails: Listed[]; newest: number }> {
  const found = new Map<string, Listed>()
  const asked = new Set<string>()
  let newest = 0
  let after: string | undefined
  for (;;) {
    const { entries, more } = await page(after)
    const mails = entries.flatMap((entry) => readEntry(entry, now))
    for (const mail of mails) {
      newest = Math.max(newest, mail.at)
      if (mail.at >= cursor.horizon && !cursor.has(mail.mailId)) found.set(mail.mailId, mail)
    }
    const last = mails.at(-1)
    if (!more || !last || last.at < cursor.horizon || asked.has(last.mailId)) break
    asked.add(last.mailId)
    after = last.mailId
  }
  // Reversed before sorting, so that mails of one moment keep the order they came in.
  return { mails: [...found.values()].reverse().sort((a, b) => a.at - b.at), newest }
}

function readEntry(entry: unknown, now: number): Listed[] {
  const { data } = summarySchema.safeParse(entry)
  return data ? [{ mailId: data.id, at: readTime(data.created_at) ?? now, recipients: recipientsOf(data) }] : []
}
