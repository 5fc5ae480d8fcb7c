/** Received and signature fields of a long way fit many times. */
const MAX_HEADER_BYTES = 256 * 1024
const MAX_FIELDS = 1_000
/** Each costs a question to a name server and a pass over the text. */
const MAX_SIGNATURES = 20
/** Base64 in lines of 76 never comes near; what does is made of lines to be paid for one by one. */
const FREE_LINES = 100_000
const BYTES_PER_LINE = 60
/** Each may begin a part. */
const MAX_DASH_LINES = 10_000

const [CR, LF, DASH] = [13, 10, 45]

/**
 * Fields of which a mail has one. A second above a signed one would be shown or obeyed although nobody signed it, because readers take the first and
 * signatures cover the last.
 */
const SINGLE = new Set([
  ...['from', 'sender', 'subject', 'message-id', 'in-reply-to', 'references', 'date', 'return-path'],
  ...['mime-version', 'content-type', 'content-transfer-encoding', 'content-disposition'],
])
const FIELD = /^([!-9;-~]+):/
const SIGNATURE = /^(?:dkim-signature|arc-message-signature)$/

/**
 * Why a mail is not even read: it costs too much, or two programs could read it in two ways, so that what one checked is not what the other shows
 * (RFC 5321 2.3.8, RFC 5322 3.6). Undefined for a sound one. Linear in the size of the mail. relay:EML8, EML9
 */
export function flawOf(raw: Uint8Array): string | undefined {
  return flawOfLines(raw) ?? flawOfHeader(headerOf(raw))
}

function flawOfLines(raw: Uint8Array): string | undefined {
  let lines = 0
  let dashes = 0
  for (let at = 0; at < raw.length; at++) {
    const byte = raw[at]
    if (byte === LF && raw[at - 1] !== CR) return 'it has a line that does not end with CR and LF'
    if (byte === CR && raw[at + 1] !== LF) return 'it has a line that does not end with CR and LF'
    if (byte !== LF) continue
    lines++
    if (raw[at + 1] === DASH && raw[at + 2] === DASH) dashes++
  }
  if (lines > FREE_LINES + raw.length / BYTES_PER_LINE) return 'it has too many lines'
  return dashes > MAX_DASH_LINES ? 'it has too many parts' : undefined
}

/** The lines of the header; undefined when it is too large. */
function headerOf(raw: Uint8Array): string[] | undefined {
  const beginning = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, MAX_HEADER_BYTES + 4)).toString('latin1')
  if (beginning.startsWith('\r\n')) return []
  const end = beginning.indexOf('\r\n\r\n')
  if (end === -1 && raw.byteLength > MAX_HEADER_BYTES) return undefined
  return beginning.slice(0, end === -1 ? undefined : end).split('\r\n')
}

function flawOfHeader(lines: readonly string[] | undefined): string | undefined {
  if (!lines) return 'its header is too long'
  const seen = new Set<string>()
  let fields = 0
  let signatures = 0
  for (const [index, line] of lines.entries()) {
    if (/^[ \t]/.test(line)) {
      if (index === 0) return 'its header is malformed'
      continue
    }
    const name = FIELD.exec(line)?.[1]?.toLowerCase()
    if (name === undefined) {
      // What follows the last line is no line.
      if (line === '' && index === lines.length - 1) break
      return 'its header is malformed'
    }
    fields++
    if (SIGNATURE.test(name)) signatures++
    if (SINGLE.has(name) && seen.has(name)) return `it has more than one ${name} field`
    seen.add(name)
  }
  if (fields > MAX_FIELDS) return 'its header is too long'
  return signatures > MAX_SIGNATURES ? 'it has too many signatures' : undefined
}
