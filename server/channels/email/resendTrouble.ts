import { ProviderTrouble, type TroubleKind } from './trouble.ts'

/** What went wrong with Resend, in a sentence for the owner of a channel. */
export function resendTrouble(trouble: TroubleKind, cause?: unknown): ProviderTrouble {
  return new ProviderTrouble(trouble, explain(trouble), cause)
}

function explain(trouble: TroubleKind): string {
  switch (trouble.kind) {
    case 'unauthorised':
      return 'Resend does not accept RESEND_API_KEY. Create a key with full access at resend.com/api-keys, set it and restart the relay.'
    case 'restricted':
      return 'RESEND_API_KEY may only send. Create a key with full access at resend.com/api-keys, set it and restart the relay.'
    case 'tooFast':
      return 'Resend asks this relay to slow down, or its quota is used up.'
    case 'unreachable':
    case 'deferred':
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
