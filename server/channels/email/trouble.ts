import type { ChannelState } from '#protocol/channel.ts'
import { DeliveryFailure } from '../port.ts'

/** Why mail was not handed over, or not fetched. Never holds a key, a password or what was sent. */
export type TroubleKind =
  | { kind: 'unauthorised' }
  /** The key may only send. */
  | { kind: 'restricted' }
  | { kind: 'tooFast'; retryAfterMs?: number }
  /** `uncertain`: the mail may have been taken all the same. */
  | { kind: 'unreachable'; uncertain?: boolean }
  /** Not now: the recipient's server asks to try later. */
  | { kind: 'deferred' }
  /** No such mail or file (any more). */
  | { kind: 'missing' }
  /** The idempotency key was used before, with another body: the mail it stands for was taken. */
  | { kind: 'repeated' }
  | { kind: 'tooLarge' }
  | { kind: 'refused'; reason: string }

/** Trouble with whoever carries the mail. Its message is the sentence for the owner of a channel. */
export class ProviderTrouble extends Error {
  readonly trouble: TroubleKind
  constructor(trouble: TroubleKind, sentence: string, cause?: unknown) {
    super(sentence, { cause })
    this.name = 'ProviderTrouble'
    this.trouble = trouble
  }
}

/** The status of channels while a trouble lasts; undefined when it says nothing about them. relay:CH11 */
export function troubledStatus({ trouble, message }: ProviderTrouble): { state: ChannelState; detail: string } | undefined {
  switch (trouble.kind) {
    case 'unauthorised':
    case 'restricted':
      return { state: 'auth_failed', detail: message }
    case 'tooFast':
    case 'unreachable':
      return { state: 'degraded', detail: `${message} The relay keeps trying.` }
    default:
      return undefined
  }
}

/** Trouble that passes without anybody doing something. */
export function isPassing({ trouble }: ProviderTrouble): boolean {
  return trouble.kind === 'tooFast' || trouble.kind === 'unreachable' || trouble.kind === 'deferred'
}

/** relay:REP8, REP9 */
export function deliveryFailure(error: ProviderTrouble): DeliveryFailure {
  const { trouble } = error
  const retryAfterMs = trouble.kind === 'tooFast' ? trouble.retryAfterMs : undefined
  const status = troubledStatus(error)
  return new DeliveryFailure(error.message, {
    permanent: !isPassing(error) && trouble.kind !== 'tooLarge',
    cause: error,
    uncertain: trouble.kind === 'unreachable' && trouble.uncertain === true,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(status?.state === 'auth_failed' && { channelState: status }),
  })
}
