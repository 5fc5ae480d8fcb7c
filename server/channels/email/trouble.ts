import type { ChannelState } from '#protocol/channel.ts'
import { DeliveryFailure } from '../port.ts'

/** Why a call to Resend failed. Never holds the key or what was sent. */
export type TroubleKind =
  | { kind: 'unauthorised' }
  /** The key may only send. */
  | { kind: 'restricted' }
  | { kind: 'tooFast'; retryAfterMs?: number }
  | { kind: 'unreachable' }
  /** No such mail or file (any more). */
  | { kind: 'missing' }
  /** The idempotency key was used before, with another body: the mail it stands for was taken. */
  | { kind: 'repeated' }
  | { kind: 'tooLarge' }
  | { kind: 'refused'; reason: string }

export class ProviderTrouble extends Error {
  readonly trouble: TroubleKind
  constructor(trouble: TroubleKind, cause?: unknown) {
    super(explain(trouble), { cause })
    this.name = 'ProviderTrouble'
    this.trouble = trouble
  }
}

/** The sentence for the owner. */
export function explain(trouble: TroubleKind): string {
  switch (trouble.kind) {
    case 'unauthorised':
      return 'Resend does not accept RESEND_API_KEY. Create a key with full access at resend.com/api-keys, set it and restart the relay.'
    case 'restricted':
      return 'RESEND_API_KEY may only send. Create a key with full access at resend.com/api-keys, set it and restart the relay.'
    case 'tooFast':
      return 'Resend asks this relay to slow down, or its quota is used up.'
    case 'unreachable':
      return 'Resend is not reachable.'
    case 'missing':
      return 'Resend does not have this any more.'
    case 'repeated':
      return 'Resend has taken this mail before.'
    case 'tooLarge':
      return 'Resend answered with more than the relay reads.'
    case 'refused':
      return `Resend refused: ${trouble.reason}`
  }
}

/** The status of channels while a trouble lasts; undefined when it says nothing about them. relay:CH11 */
export function troubledStatus(trouble: TroubleKind): { state: ChannelState; detail: string } | undefined {
  switch (trouble.kind) {
    case 'unauthorised':
    case 'restricted':
      return { state: 'auth_failed', detail: explain(trouble) }
    case 'tooFast':
    case 'unreachable':
      return { state: 'degraded', detail: `${explain(trouble)} The relay keeps trying.` }
    default:
      return undefined
  }
}

/** relay:REP8 */
export function deliveryFailure(trouble: TroubleKind, cause: unknown): DeliveryFailure {
  const passing = trouble.kind === 'tooFast' || trouble.kind === 'unreachable' || trouble.kind === 'tooLarge'
  const retryAfterMs = trouble.kind === 'tooFast' ? trouble.retryAfterMs : undefined
  const status = troubledStatus(trouble)
  return new DeliveryFailure(explain(trouble), {
    permanent: !passing,
    cause,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(status?.state === 'auth_failed' && { channelState: status }),
  })
}
