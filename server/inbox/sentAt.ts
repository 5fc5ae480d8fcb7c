/** Years that every reader of ISO times knows: 1970 to 9999. */
const LAST_MS = 253_402_300_799_999
/** RFC 5322, section 3.3, with the weekday and the seconds left out or not, and the zones of old. */
const MAIL_DATE =
  /^(?:[a-z]{3},\s*)?\d{1,2}\s+[a-z]{3}\s+[1-9]\d{3}\s+\d{2}:\d{2}(?::\d{2})?\s+(?:[+-]\d{4}|UT|GMT|[ECMP][SD]T)(?:\s*\([^()]{0,40}\))?$/i
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/** When a message was written, as far as its platform tells: nothing for what is no time. `time` is epoch milliseconds. relay:CUR12 */
export function sentAt(time: number | undefined): { sentAt?: string } {
  if (time === undefined || !(time > 0 && time <= LAST_MS)) return {}
  return { sentAt: new Date(time).toISOString() }
}

/** The Date of a mail. */
export const mailDate = (text: string | undefined): number | undefined => timeOf(text?.trim(), MAIL_DATE)

/** A time as interfaces write it. */
export const isoDate = (text: string | null | undefined): number | undefined => timeOf(text, ISO_TIME)

/** Only what is a time for everybody: the engine's own reading finds one in nearly every text. */
function timeOf(text: string | null | undefined, form: RegExp): number | undefined {
  return text && form.test(text) ? Date.parse(text) : undefined
}
