import type { IncomingMessage } from 'node:http'

/** Where a request came from and by which address the relay was called. Shared by HTTP and the WebSocket handshake. */
export type Addresses = ReturnType<typeof createAddresses>

/** Nothing else may stand in a Host that is echoed into a URL. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/
const MAPPED_V4 = '::ffff:'

export function createAddresses({ publicUrl, trustProxy }: { publicUrl?: string | undefined; trustProxy: boolean }) {
  const prefix = publicUrl ? new URL(publicUrl).pathname.replace(/\/+$/, '') : ''

  return {
    /** CHAOS_PUBLIC_URL's path: what addresses in our own pages begin with. */
    prefix,
    /** The target without CHAOS_PUBLIC_URL's path prefix; one that lacks the prefix is taken as it is (a proxy may have stripped it). relay:GEN7 */
    target(url: string): string {
      if (prefix === '' || !url.startsWith(prefix)) return url
      const rest = url.slice(prefix.length)
      if (rest === '') return '/'
      if (rest.startsWith('/')) return rest
      return rest.startsWith('?') ? `/${rest}` : url
    },

    /** relay:RL3: the last entry is the one the trusted proxy itself wrote. */
    ip(request: IncomingMessage): string {
      if (trustProxy) {
        const forwarded = lastEntry(request.headers['x-forwarded-for'])
        if (forwarded) return forwarded.slice(0, 64)
      }
      const peer = request.socket.remoteAddress ?? ''
      return peer.startsWith(MAPPED_V4) ? peer.slice(MAPPED_V4.length) : peer
    },

    /** No trailing slash. relay:GEN6 */
    baseUrl(request: IncomingMessage): string {
      if (publicUrl) return publicUrl
      const host = (trustProxy && lastEntry(request.headers['x-forwarded-host'])) || request.headers.host || ''
      const secure = trustProxy && lastEntry(request.headers['x-forwarded-proto'])?.toLowerCase() === 'https'
      return `${secure ? 'https' : 'http'}://${HOST.test(host) ? host : fallbackHost(request)}`
    },
  }
}

function lastEntry(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(',') : header
  return text?.slice(text.lastIndexOf(',') + 1).trim() || undefined
}

/** HTTP/1.0 without Host, or a Host that is no host: the address the connection arrived at. */
function fallbackHost(request: IncomingMessage): string {
  const { localAddress = '127.0.0.1', localPort = 80, localFamily } = request.socket
  return localFamily === 'IPv6' ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`
}
