import { oneLine } from '../../../inbox/sanitise.ts'
import { ProviderTrouble, type TroubleKind } from '../trouble.ts'

/** Of a server's own sentence this much is shown. */
const MAX_REASON = 300
/** Node's codes for certificates it does not believe and handshakes that failed. */
const CERTIFICATE_TROUBLE = /CERT|TLS|SSL|SIGNATURE|HOSTNAME/

/** What nodemailer puts on its errors, as far as it is read here. */
type SendError = {
  code?: unknown
  responseCode?: unknown
  response?: unknown
  message?: unknown
  originalCode?: unknown
}

/**
 * Why a mail server did not take a mail. Only its answer to this mail's sender, recipient or text refuses the mail; whatever else goes wrong
 * concerns the server, and passes. Without an answer to a text that was sent, nobody knows whether it was taken. relay:REP8, REP9
 */
export function smtpTrouble(error: unknown, textSent: boolean): ProviderTrouble {
  const about: SendError = typeof error === 'object' && error !== null ? error : {}
  const trouble = kindOf(about, textSent)
  return new ProviderTrouble(trouble, sentence(trouble, about), error)
}

function kindOf(about: SendError, textSent: boolean): TroubleKind {
  const { code, responseCode } = about
  if (code === 'EAUTH') return isPermanent(responseCode) ? { kind: 'unauthorised' } : { kind: 'unreachable' }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    return typeof responseCode === 'number' && !isPermanent(responseCode)
      ? { kind: 'deferred' }
      : { kind: 'refused', reason: answerOf(about) }
  }
  return { kind: 'unreachable', uncertain: textSent && responseCode === undefined }
}

function sentence(trouble: TroubleKind, about: SendError): string {
  switch (trouble.kind) {
    case 'unauthorised':
      return 'The mail server does not accept the user and password in CHAOS_SMTP_OUT_URL. Correct them and restart the relay.'
    case 'deferred':
      return `The mail server asks to try later: ${answerOf(about)}`
    case 'refused':
      return `The mail server refused: ${trouble.reason}`
    default:
      return isAboutTrust(about)
        ? 'The mail server in CHAOS_SMTP_OUT_URL offers no encryption this relay trusts.'
        : 'The mail server in CHAOS_SMTP_OUT_URL is not reachable.'
  }
}

function isAboutTrust({ code, originalCode }: SendError): boolean {
  return code === 'ETLS' || (typeof originalCode === 'string' && CERTIFICATE_TROUBLE.test(originalCode))
}

/** 503 says that the conversation went wrong, not that the mail is bad. */
function isPermanent(responseCode: unknown): boolean {
  return typeof responseCode === 'number' && responseCode >= 500 && responseCode < 600 && responseCode !== 503
}

/** The server's own words, else the library's. */
function answerOf({ response, message }: SendError): string {
  const words = [response, message].find((text) => typeof text === 'string')
  return oneLine(typeof words === 'string' ? words : '', MAX_REASON)
}
