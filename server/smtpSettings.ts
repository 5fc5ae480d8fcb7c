import * as z from 'zod'
import { isHost, isLoopback } from './hosts.ts'

/** Where the relay hands mail over. `always`: TLS from the first byte. `starttls`: never without it. `offered`: only where the server has it. */
export type SmtpOut = {
  host: string
  port: number
  credentials?: { user: string; password: string }
  encryption: 'always' | 'starttls' | 'offered'
}

/** The SMTP variables of relay §18. */
export const smtpVariables = {
  CHAOS_SMTP_OUT_URL: z
    .string()
    .transform(readWith(readOut, 'must be smtp://[user:password@]host[:port], smtps://… or smtp://…?tls=optional'))
    .optional(),
}

function readWith<T>(read: (text: string) => T | undefined, message: string) {
  return (text: string, context: z.RefinementCtx): T => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
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
