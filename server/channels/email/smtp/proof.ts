import { domainToASCII } from 'node:url'
import type { DNSResolver } from 'mailauth'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { evaluateDmarc } from 'mailauth/lib/dmarc/index.js'
import { spf as checkSpf } from 'mailauth/lib/spf/index.js'
import { getDomain } from 'tldts'
import { senderAddress } from '../address.ts'
import type { Proof, Verdicts } from '../mail.ts'

/** Who handed a mail over, as SMTP tells it. */
export type Envelope = { ip: string; helo: string; mailFrom: string }

/** What the relay calls itself, and whom it asks for names. */
export type Asking = { mta: string; resolver: DNSResolver }

/** So long names that answer slowly are waited for. */
const WITHIN_MS = 25_000
/** What tells most comes first; a mail may have several signatures. */
const TELLING = ['pass', 'temperror', 'fail', 'policy', 'permerror', 'neutral']

/**
 * Whether a mail comes from the sender its From names: a DMARC pass or, where the domain has no DMARC record, SPF or DKIM of that domain. Nothing is
 * believed of a mail whose From two programs could read in two ways, and no signature that leaves a part of the text to whoever comes by. relay:EML9
 */
export async function proofOf(raw: Buffer, from: string, envelope: Envelope, asking: Asking): Promise<Proof> {
  const found = await inTime(check(raw, from, envelope, asking))
  if (!found) return { kind: 'later', verdicts: { spf: 'temperror', dkim: 'temperror', dmarc: 'temperror', aligned: false } }
  const { verdicts, unsure } = found
  return { kind: verdicts.aligned ? 'given' : unsure ? 'later' : 'missing', verdicts }
}

/** Signatures and SPF are independent; DMARC looks at both. */
async function check(raw: Buffer, from: string, { ip, helo, mailFrom }: Envelope, { mta, resolver }: Asking) {
  const strict = true
  const [signed, spf] = await Promise.all([
    dkimVerify(raw, { resolver, sender: mailFrom, strict }),
    checkSpf({ resolver, ip, helo, sender: mailFrom, mta, strict, maxElapsedTime: WITHIN_MS }),
  ])
  const { headerFrom, fromFields, results } = signed
  const spfDomains = spf.status.result === 'pass' ? [spf.domain] : []
  const dkimDomains = results.flatMap(({ status, signingDomain = '' }) =>
    status.result === 'pass' && !status.underSized ? [signingDomain] : [],
  )
  const { response: dmarc } = await evaluateDmarc({
    headerFrom,
    fromFields,
    spfDomains,
    dkimDomains: dkimDomains.map((domain) => ({ domain })),
    resolver,
    strict,
  })
  const author = authorDomain(from, headerFrom)
  const verdict = dmarc ? dmarc.status.result : 'permerror'
  const vouched = [...spfDomains, ...dkimDomains].some((domain) => isSameOrganisation(domain, author ?? ''))
  const told = results.map(({ status }) => status.result)
  const verdicts: Verdicts = {
    spf: spf.status.result,
    dkim: TELLING.find((telling) => told.some((result) => result === telling)) ?? 'none',
    dmarc: verdict,
    aligned: author !== undefined && (verdict === 'pass' || (verdict === 'none' && vouched)),
  }
  return { verdicts, unsure: [verdicts.spf, verdict, ...told].includes('temperror') }
}

/** The domain of the one author of whom all readers of From make the same. */
function authorDomain(from: string, headerFrom: readonly string[]): string | undefined {
  const sender = senderAddress(from)
  const [author, ...others] = headerFrom
  if (sender === undefined || author === undefined || others.length > 0) return undefined
  return canonical(sender) === canonical(author) ? domainOf(sender) : undefined
}

function canonical(address: string): string {
  return `${address.slice(0, address.lastIndexOf('@')).toLowerCase()}@${domainOf(address)}`
}

function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1).toLowerCase())
}

function isSameOrganisation(one: string, other: string): boolean {
  const [first, second] = [one, other].map(organisation)
  return first !== '' && first === second
}

/** What somebody registered below a public suffix; empty for what is no domain. */
function organisation(domain: string): string {
  const ascii = domainToASCII(domain.toLowerCase().replace(/\.$/, ''))
  return getDomain(ascii, { allowPrivateDomains: true }) ?? ascii
}

async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, WITHIN_MS, undefined)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
