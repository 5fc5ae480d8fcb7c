/**
 * The error catalogue: every code that may cross the wire, its HTTP status, and whether trying the same thing again can help.
 * relay:ERR1
 */
export const ERRORS = {
  invalid_json: { status: 400 },
  invalid_body: { status: 400 },
  missing_field: { status: 400 },
  invalid_field: { status: 400 },
  invalid_key: { status: 400 },
  invalid_cursor: { status: 400 },
  invalid_type: { status: 400 },
  wrong_channel_type: { status: 400 },
  provider_rejected: { status: 400 },
  provider_unreachable: { status: 400, retryable: true },
  slack_needs_app_token: { status: 400 },
  missing_token: { status: 401 },
  invalid_token: { status: 401 },
  clock_skew: { status: 401 },
  replayed_nonce: { status: 401 },
  bad_signature: { status: 401 },
  signature_required: { status: 401 },
  ticket_invalid: { status: 401 },
  link_invalid: { status: 401 },
  bad_origin: { status: 403 },
  approval_denied: { status: 403 },
  channel_disabled: { status: 409 },
  not_found: { status: 404 },
  channel_not_found: { status: 404 },
  unknown_channel: { status: 404 },
  attachment_not_found: { status: 404 },
  channel_exists: { status: 409 },
  bot_in_use: { status: 409 },
  too_many_channels: { status: 409 },
  not_paired: { status: 409 },
  not_verified: { status: 409 },
  no_target: { status: 409 },
  taken_over: { status: 409 },
  too_many_taken_over: { status: 409 },
  idempotency_conflict: { status: 409 },
  approval_mismatch: { status: 409 },
  approval_pending: { status: 409, retryable: true },
  approval_decided: { status: 409 },
  approval_used: { status: 409 },
  too_many_approvals: { status: 409, retryable: true },
  attachment_gone: { status: 410 },
  link_expired: { status: 410 },
  approval_expired: { status: 410 },
  body_too_large: { status: 413 },
  content_too_large: { status: 413 },
  attachment_too_large: { status: 413 },
  rate_limited: { status: 429, retryable: true },
  internal: { status: 500, retryable: true },
  storage_unavailable: { status: 503, retryable: true },
  email_not_configured: { status: 503 },
  admin_not_configured: { status: 503 },
  attachment_pending: { status: 503, retryable: true },
} as const satisfies Record<string, { status: number; retryable?: boolean }>

export type ErrorCode = keyof typeof ERRORS

/** Extra members of an error answer. `status` overrides the catalogue where one code has two (signature_required, channel_disabled). */
export type ErrorDetails = {
  status?: number
  retryAfter?: number
  serverTime?: string
  requestId?: string
  headers?: Record<string, string>
  cause?: unknown
}

/** An expected refusal. The message is a sentence the user can act on; it never holds a secret. */
export class RelayError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.name = 'RelayError'
    this.code = code
    this.details = details
  }
  get status(): number {
    return this.details.status ?? ERRORS[this.code].status
  }
}
