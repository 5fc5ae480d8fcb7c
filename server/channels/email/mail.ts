import type { InboundFile } from '../port.ts'

/** A mail that was received, whichever way it came. */
export type Mail = {
  /** Tells it apart where it has no Message-ID. */
  key: string
  /** The From field as it was written. */
  from: string
  subject: string
  /** Never HTML. */
  text: string
  messageId?: string
  headers: Readonly<Record<string, unknown>>
  files: InboundFile[]
  proof: Proof
}

/** What SPF, DKIM and DMARC said, in their own words (RFC 8601); `aligned`: one of them vouches for the domain of the sender. */
export type Verdicts = { spf: string; dkim: string; dmarc: string; aligned: boolean }

/**
 * Whether a mail comes from whom it names. `untold`: the provider does not tell. `later`: it cannot be said now, because a domain name server did not
 * answer. relay:EML9
 */
export type Proof = { kind: 'untold' } | { kind: 'given' | 'missing' | 'later'; verdicts: Verdicts }
