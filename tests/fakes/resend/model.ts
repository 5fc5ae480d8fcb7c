/** What POST /emails was given, after the fake has checked it. */
export type SentMail = {
  id: string
  idempotencyKey: string | undefined
  from: string
  to: string[]
  subject: string
  text?: string
  html?: string
  headers: Record<string, string>
  attachments: { filename: string; content: string; content_type?: string }[]
}

export type FakeFile = {
  id: string
  filename: string | null
  content_type: string
  content_disposition: 'attachment' | 'inline'
  content_id: string | null
  bytes: Uint8Array
  /** Instead of where the fake keeps it. */
  download_url?: string
}

/** A mail somebody sent to the domain. */
export type FakeMail = {
  id: string
  created_at: string
  from: string
  to: string[]
  cc: string[]
  bcc: string[]
  subject: string
  message_id: string
  text: string | null
  html: string | null
  headers: Record<string, string | string[]>
  files: FakeFile[]
}

/** The state of the account behind the API. */
export type Account = {
  apiKey: string
  access: 'full' | 'sending' | 'revoked'
  domain: string
  /** Newest first, as the API lists it. */
  inbox: FakeMail[]
}

/** An answer that is not 200. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>
  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}
