import { RelayError } from '#protocol/errors.ts'
import type { Clock } from '../../clock.ts'
import { jsonBody } from '../../http/json.ts'
import type { Answer, RateLimits, RelayRequest, Route } from '../../http/route.ts'
import { CURSOR, readTime } from './cursor.ts'
import type { EmailConfig } from './emailConfig.ts'
import { eventHeaders, verifyEvent } from './eventSignature.ts'
import type { Health } from './health.ts'
import { type Intake, recipientsOf } from './intake.ts'
import type { Progress } from './progress.ts'
import { eventSchema, receivedEventSchema } from './resendModel.ts'
import { ProviderTrouble } from './trouble.ts'

/** When the provider should deliver an event again that could not be taken. */
const RETRY_SECONDS = 30

/** POST /email/inbound: the provider's events. A mail is committed before the 200. relay:EML6, EML7, DUR1 */
export function createInboundRoute(relay: {
  intake: Intake | undefined
  progress: Progress
  health: Health
  limits: RateLimits
  clock: Pick<Clock, 'now'>
  config: EmailConfig
}): Route {
  const { intake, progress, health, limits, clock, config } = relay
  const secret = config.resendWebhookSecret
  const open = secret === undefined && config.unsigned && config.loopback

  /** Before the body is read: without a secret nothing can be believed, without headers nothing is worth reading. */
  function before({ headers, ip }: Omit<RelayRequest, 'body'>): void {
    if (open) return
    if (secret === undefined) throw notConfigured('RESEND_WEBHOOK_SECRET')
    if (!eventHeaders(headers)) throw unsigned(ip, 'The headers svix-id, svix-timestamp and svix-signature are needed.')
  }

  function verify({ headers, ip, body }: RelayRequest): void {
    const given = eventHeaders(headers)
    if (secret === undefined) return
    if (!given) throw unsigned(ip, 'This event is not signed.')
    try {
      verifyEvent(given, body, secret, clock.now())
    } catch (error) {
      limits.consume('inboundAuthFail', ip)
      throw error
    }
  }

  function unsigned(ip: string, reason: string): RelayError {
    limits.consume('inboundAuthFail', ip)
    return new RelayError('bad_signature', reason)
  }

  async function take(event: unknown): Promise<Answer> {
    const { data } = receivedEventSchema.safeParse(event)
    if (!data) throw new RelayError('invalid_field', 'The event names no mail: "data.email_id" is missing.')
    if (!intake) throw notConfigured('RESEND_API_KEY')
    const mailId = data.email_id
    const at = readTime(data.created_at) ?? clock.now()
    const cursor = await progress.cursor()
    if (!cursor) return { json: { ok: true } }
    try {
      const taken = await intake.take({ mailId, recipients: recipientsOf(data) }, { key: CURSOR, value: cursor.with(mailId, at) })
      if (taken.kind !== 'nobody') cursor.note(mailId, at)
      if (taken.kind !== 'stored') return { json: { ok: true } }
      return { json: { ok: true, messageId: taken.messageId, ...(taken.duplicate && { duplicate: true }) } }
    } catch (error) {
      if (!(error instanceof ProviderTrouble)) throw error
      await health.failed('receiving', error)
      throw new RelayError('provider_unreachable', `The mail could not be fetched: ${error.message}`, {
        status: 503,
        retryAfter: RETRY_SECONDS,
        cause: error,
      })
    }
  }

  return {
    method: 'POST',
    path: '/email/inbound',
    before,
    async handle(request) {
      verify(request)
      limits.consume('emailInbound', 'all')
      const { type, data } = jsonBody(eventSchema, request.body)
      return type === 'email.received' ? take(data) : { json: { ok: true } }
    },
  }
}

function notConfigured(variable: string): RelayError {
  return new RelayError('email_not_configured', `E-mail events cannot be taken: the relay's ${variable} is not set.`)
}
