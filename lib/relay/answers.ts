import type * as z from 'zod/mini'
import { errorAnswerSchema } from '#protocol/http.ts'
import { Failure } from '../messaging/failure.ts'
import type { RawAnswer } from './exchange.ts'
import { NOT_UNDERSTOOD, requestFailed, SENTENCES } from './sentences.ts'

/** client:HTE3: the wait when the relay names none, in seconds. */
const DEFAULT_WAIT_SECONDS = 30

/** The body as the expected shape. Throws Failure `bad_answer`. client:HTE6 */
export function readJson<T extends z.ZodMiniType>(answer: RawAnswer, schema: T): z.output<T> {
  const parsed = schema.safeParse(parse(answer))
  if (!parsed.success) throw new Failure('bad_answer', NOT_UNDERSTOOD, { cause: parsed.error })
  return parsed.data
}

/** A refusal as a sentence the user can act on. client:HTE2, HTE3, HTE4 */
export function failureOf(method: string, path: string, answer: RawAnswer): Failure {
  const body = errorAnswerSchema.safeParse(parse(answer))
  if (!body.success) return new Failure(`http_${answer.status}`, requestFailed(method, path, `HTTP ${answer.status}`))
  const { code, error } = body.data
  const wait = body.data.retryAfter ?? answer.retryAfter
  if (answer.status === 429) {
    const retryAfter = wait ?? DEFAULT_WAIT_SECONDS
    return new Failure(code, `The relay asks to slow down. Try again in ${retryAfter} s.`, { retryAfter })
  }
  const known = Object.hasOwn(SENTENCES, code) ? SENTENCES[code as keyof typeof SENTENCES] : undefined
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 401) return new Failure(code, known ?? error)
  return new Failure(code, requestFailed(method, path, error), { retryAfter: wait })
}

/** The code of an error answer, if it is one. */
export function errorCode(answer: RawAnswer): string | undefined {
  if (answer.status < 400) return undefined
  const body = errorAnswerSchema.safeParse(parse(answer))
  return body.success ? body.data.code : undefined
}

/** How far the relay's clock is ahead of ours, if the answer refuses our time. client:CSG3 */
export function clockFrom(answer: RawAnswer, now: number): number | undefined {
  if (answer.status !== 401) return undefined
  const body = errorAnswerSchema.safeParse(parse(answer))
  if (!body.success || body.data.code !== 'clock_skew') return undefined
  const serverTime = Date.parse(body.data.serverTime ?? '')
  return Number.isNaN(serverTime) ? undefined : serverTime - now
}

function parse(answer: RawAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(answer.bytes))
  } catch {
    return undefined
  }
}
