import { type Account, Refusal, type SentMail } from './model.ts'

const ADDRESS = /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/

/** POST /emails: checks a mail as Resend does, and sends one mail per idempotency key. */
export function createSending(account: Account, put: (mail: SentMail) => void) {
  const taken = new Map<string, { body: string; id: string }>()
  let sent = 0

  return (body: string, idempotencyKey: string | undefined): { id: string } => {
    if (idempotencyKey !== undefined && (idempotencyKey.length < 1 || idempotencyKey.length > 256)) {
      throw new Refusal(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.')
    }
    const before = idempotencyKey === undefined ? undefined : taken.get(idempotencyKey)
    if (before && before.body !== body) {
      throw new Refusal(409, 'invalid_idempotent_request', 'Same idempotency key used with a different request payload.')
    }
    if (before) return { id: before.id }
    const id = `sent-${++sent}`
    put({ id, idempotencyKey, ...checked(JSON.parse(body) as Record<string, unknown>, account.domain) })
    if (idempotencyKey !== undefined) taken.set(idempotencyKey, { body, id })
    return { id }
  }
}

function checked(mail: Record<string, unknown>, domain: string): Omit<SentMail, 'id' | 'idempotencyKey'> {
  const { from, to, subject, text, html, headers = {}, attachments = [] } = mail
  if (typeof from !== 'string' || typeof subject !== 'string')
    throw invalid('missing_required_field', 'Missing `from` or `subject`.')
  if (text === undefined && html === undefined) throw invalid('missing_required_field', 'Missing `html` or `text` field.')
  if (!bare(from).endsWith(`@${domain}`)) throw new Refusal(403, 'validation_error', `The ${from} domain is not verified.`)
  const recipients = Array.isArray(to) ? to : [to]
  if (recipients.length === 0 || !recipients.every((address) => typeof address === 'string' && ADDRESS.test(bare(address)))) {
    throw invalid('validation_error', 'Invalid `to` field.')
  }
  for (const [name, value] of Object.entries({ ...(headers as object), subject })) {
    if (typeof value !== 'string' || /[\r\n]/.test(name + value)) throw invalid('validation_error', `Invalid header ${name}.`)
  }
  for (const file of attachments as SentMail['attachments']) {
    if (Buffer.from(file.content, 'base64').toString('base64') !== file.content) throw invalid('invalid_attachment', 'Not base64.')
  }
  return {
    from,
    to: recipients as string[],
    subject,
    ...(typeof text === 'string' && { text }),
    ...(typeof html === 'string' && { html }),
    headers: headers as Record<string, string>,
    attachments: attachments as SentMail['attachments'],
  }
}

function bare(address: string): string {
  return /<([^<>]*)>$/.exec(address)?.[1] ?? address
}

function invalid(code: string, message: string): Refusal {
  return new Refusal(422, code, message)
}
