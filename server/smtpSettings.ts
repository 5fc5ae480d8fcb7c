import * as z from 'zod'
import { isHost, isLoopback } from './hosts.ts'

/** Where the relay hands mail over. `always`: TLS from the first byte. `starttls`: never without it. `offered`: only where the server has it. */
export type SmtpOut = {
  host: string
  port: number
  credentials?: { user: string; password: string }
  encryption: 'always' | 'starttls' | 'offered'
}

/** Where the relay takes mail itself. `tls` are the paths of two PEM files. */
export type SmtpIn = { host: string; port: number; tls?: { cert: string; key: string }; maxBytes: number }

const MIB = 1024 * 1024
const DEFAULT_MAX_BYTES = 25 * MIB
const SMALLEST_MAX_BYTES = 64 * 1024
const LARGEST_MAX_BYTES = 100 * MIB
const SIZE = `must be a whole number from ${SMALLEST_MAX_BYTES} to ${LARGEST_MAX_BYTES}`

/** The SMTP variables of relay §18. */
export const smtpVariables = {
  CHAOS_SMTP_LISTEN: z
    .string()
    .transform(readWith(readListen, 'must be an address and a port, like 0.0.0.0:25 or [::]:25'))
    .optional(),
  CHAOS_SMTP_TLS_CERT: z.string().optional(),
  CHAOS_SMTP_TLS_KEY: z.string().optional(),
  CHAOS_SMTP_OUT_URL: z
    .string()
    .transform(readWith(readOut, 'must be smtp://[user:password@]host[:port], smtps://… or smtp://…?tls=optional'))
    .optional(),
  CHAOS_SMTP_MAX_BYTES: z
    .string()
    .regex(/^\d{1,15}$/, SIZE)
    .transform(Number)
    .refine((value) => value >= SMALLEST_MAX_BYTES && value <= LARGEST_MAX_BYTES, SIZE)
    .default(DEFAULT_MAX_BYTES),
}

export type SmtpVariables = z.output<z.ZodObject<typeof smtpVariables>>

/** What is wrong with values that are fine by themselves, by variable. relay:ENV1 */
export function smtpConflicts(set: SmtpVariables & { CHAOS_EMAIL_DOMAIN?: string | undefined }): [keyof SmtpVariables, string][] {
  const found: [keyof SmtpVariables, string][] = []
  if (set.CHAOS_SMTP_LISTEN && !set.CHAOS_EMAIL_DOMAIN)
    found.push(['CHAOS_SMTP_LISTEN', 'needs CHAOS_EMAIL_DOMAIN, the domain mail is taken for'])
  if (set.CHAOS_SMTP_TLS_CERT && !set.CHAOS_SMTP_TLS_KEY)
    found.push(['CHAOS_SMTP_TLS_CERT', 'needs CHAOS_SMTP_TLS_KEY, the file with its private key'])
  if (set.CHAOS_SMTP_TLS_KEY && !set.CHAOS_SMTP_TLS_CERT)
    found.push(['CHAOS_SMTP_TLS_KEY', 'needs CHAOS_SMTP_TLS_CERT, the file with its certificate'])
  return found
}

export function smtpIn(set: SmtpVariables): SmtpIn | undefined {
  const { CHAOS_SMTP_LISTEN: at, CHAOS_SMTP_TLS_CERT: cert, CHAOS_SMTP_TLS_KEY: key, CHAOS_SMTP_MAX_BYTES: maxBytes } = set
  return at && { ...at, maxBytes, ...(cert && key && { tls: { cert, key } }) }
}

function readWith<T>(read: (text: string) => T | undefined, message: string) {
  return (text: string, context: z.RefinementCtx): T => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
}

function readListen(text: string): { host: string; port: number } | undefined {
  const found = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text)
  const host = found?.[1] ?? found?.[2] ?? ''
  const port = Number(found?.[3])
  return found && isHost(host) && port <= 65_535 ? { host, port } : undefined
}

/** Nobody stands between the relay and a server on the same machine, whose certificate is usually its own. */
function readOut(text: string): SmtpOut | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, username, password, hostname, port, pathname, search, hash } = new URL(text)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const optional = search === '?tls=optional'
  if (!isHost(host) || (pathname !== '' && pathname !== '/') || hash !== '' || (search !== '' && !optional)) return undefined
  const implicit = protocol === 'smtps:'
  if ((!implicit && protocol !== 'smtp:') || (implicit && optional) || (username === '') !== (password === '')) return undefined
  const credentials = decoded(username, password)
  if (!credentials) return undefined
  return {
    host,
    port: port === '' ? (implicit ? 465 : 587) : Number(port),
    ...(username !== '' && { credentials }),
    encryption: implicit ? 'always' : optional || isLoopback(host) ? 'offered' : 'starttls',
  }
}

function decoded(user: string, password: string): { user: string; password: string } | undefined {
  try {
    return { user: decodeURIComponent(user), password: decodeURIComponent(password) }
  } catch {
    return undefined
  }
}
