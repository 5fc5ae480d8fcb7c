import { type ErrorCode, RelayError } from '#protocol/errors.ts'

export type ErrorAnswer = {
  status: number
  headers: Record<string, string>
  json: { code: ErrorCode } & Record<string, unknown>
  unexpected: boolean
}

/** How long a caller waits before it tries a full or locked store again. */
const STORAGE_RETRY_SECONDS = 5

/** What the operating system and SQLite say when the disk is full, read-only or failing. */
const STORAGE_FAILURES = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'ERR_SQLITE_ERROR'])

/** The one place where a failure becomes an HTTP answer. relay:ERR1, ERR2 */
export function errorAnswer(error: unknown, requestId: string): ErrorAnswer {
  const known = error instanceof RelayError ? error : undefined
  if (known && known.code !== 'internal' && known.code !== 'storage_unavailable') return told(known, false)
  if (known?.code === 'storage_unavailable' || isStorageFailure(error)) {
    const retryAfter = known?.details.retryAfter ?? STORAGE_RETRY_SECONDS
    const text = known?.message ?? 'The relay could not write to its storage. Try again; if it lasts, check the disk.'
    return told(new RelayError('storage_unavailable', text, { ...known?.details, retryAfter }), true)
  }
  return told(
    new RelayError('internal', 'The relay failed unexpectedly. Its log tells more under this request id.', { requestId }),
    true,
  )
}

function told(error: RelayError, unexpected: boolean): ErrorAnswer {
  const { serverTime, retryAfter, requestId } = error.details
  const headers = { ...error.details.headers }
  if (retryAfter !== undefined) headers['Retry-After'] ??= String(retryAfter)
  return {
    status: error.status,
    headers,
    json: {
      error: error.message,
      code: error.code,
      ...(serverTime !== undefined && { serverTime }),
      ...(retryAfter !== undefined && { retryAfter }),
      ...(requestId !== undefined && { requestId }),
    },
    unexpected,
  }
}

function isStorageFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && STORAGE_FAILURES.has(code)
}
