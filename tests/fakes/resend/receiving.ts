import { type Account, type FakeFile, type FakeMail, Refusal } from './model.ts'

const HTML_PICTURES = /\bcid:([\w.@-]+)/g

/** The list of received mail, newest first, by pages. */
export function listMail({ inbox }: Account, query: URLSearchParams): object {
  const limit = Number(query.get('limit') ?? 20)
  if (!(limit >= 1 && limit <= 100)) throw new Refusal(422, 'validation_error', 'The `limit` must be 1-100.')
  const [after, before] = [query.get('after'), query.get('before')]
  if (after && before) throw new Refusal(422, 'validation_error', 'Use either `after` or `before`.')
  const at = (id: string) => {
    const index = inbox.findIndex((mail) => mail.id === id)
    if (index < 0) throw new Refusal(404, 'not_found', 'Cursor not found')
    return index
  }
  const from = after ? at(after) + 1 : 0
  const rest = before ? inbox.slice(Math.max(0, at(before) - limit), at(before)) : inbox.slice(from)
  const data = rest.slice(0, limit).map(summary)
  return { object: 'list', has_more: before ? at(before) > limit : rest.length > limit, data }
}

/** One mail in full; its attachments without their bytes. */
export function showMail(account: Account, id: string, format: string | null): object {
  const mail = found(account, id)
  const html = format === 'cid' ? mail.html : withPictures(mail)
  const { text, headers } = mail
  return { object: 'email', ...summary(mail), text, html, headers, html_format: format ?? 'data_uri', raw: null }
}

export function listFiles(account: Account, id: string, base: string): object {
  const mail = found(account, id)
  return { object: 'list', has_more: false, data: mail.files.map((file) => fileLink(mail, file, base)) }
}

export function showFile(account: Account, id: string, fileId: string, base: string): object {
  const mail = found(account, id)
  return { object: 'attachment', ...fileLink(mail, fileOf(mail, fileId), base) }
}

/** What a webhook event tells of a mail. */
export function eventOf(mail: FakeMail): object {
  const { id, reply_to: _, ...data } = summary(mail)
  return {
    type: 'email.received',
    created_at: new Date(Date.parse(mail.created_at)).toISOString(),
    data: { email_id: id, ...data },
  }
}

export function fileOf(mail: FakeMail, fileId: string): FakeFile {
  const file = mail.files.find((candidate) => candidate.id === fileId)
  if (!file) throw new Refusal(404, 'not_found', 'Attachment not found')
  return file
}

export function found({ inbox }: Account, id: string): FakeMail {
  const mail = inbox.find((candidate) => candidate.id === id)
  if (!mail) throw new Refusal(404, 'not_found', 'Email not found')
  return mail
}

function summary(mail: FakeMail) {
  const { id, to, from, created_at, subject, bcc, cc, message_id } = mail
  return { id, to, from, created_at, subject, bcc, cc, reply_to: [], message_id, attachments: mail.files.map(facts) }
}

function facts({ bytes, download_url: _, ...file }: FakeFile): object {
  return { ...file, size: bytes.byteLength }
}

function fileLink(mail: FakeMail, file: FakeFile, base: string): object {
  const url = `${base}/download/${mail.id}/${file.id}?signature=sig-${file.id}`
  return { ...facts(file), download_url: file.download_url ?? url, expires_at: '2099-01-01T00:00:00.000Z' }
}

function withPictures(mail: FakeMail): string | null {
  return (
    mail.html?.replace(HTML_PICTURES, (whole, id: string) => {
      const file = mail.files.find(({ content_id }) => content_id === id)
      return file ? `data:${file.content_type};base64,${Buffer.from(file.bytes).toString('base64')}` : whole
    }) ?? null
  )
}
