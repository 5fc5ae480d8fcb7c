import type { IncomingHttpHeaders } from 'node:http'

/** 127.0.0.1, localhost or [::1], with any port: under no other name does this machine call itself, which keeps out rebound DNS names. */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i
/** A browser's page or a proxy speaks for somebody else. */
const FOR_OTHERS = ['origin', 'sec-fetch-site', 'forwarded', 'x-real-ip']

export type TrustRequest = (request: { ip: string; headers: IncomingHttpHeaders }) => boolean

/**
 * Whether a request comes from a program on this machine that speaks for itself. `localTrust` false: nobody is trusted. (Without an X-Forwarded header,
 * `ip` is the peer's address, whatever CHAOS_TRUST_PROXY says.) remote:TRU1
 */
export function createTrust({ localTrust }: { localTrust: boolean }): TrustRequest {
  return ({ ip, headers }) =>
    localTrust &&
    isLoopbackAddress(ip) &&
    OWN_HOST.test(headers.host ?? '') &&
    !FOR_OTHERS.some((name) => headers[name] !== undefined) &&
    !Object.keys(headers).some((name) => name.startsWith('x-forwarded-'))
}

function isLoopbackAddress(ip: string): boolean {
  return ip === '::1' || ip.startsWith('127.')
}
