import { lookup as systemLookup } from 'node:dns/promises'
import * as plain from 'node:http'
import * as tls from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { createPublicAddresses } from './publicAddress.ts'

export type Address = { address: string; family: number }
/** All addresses of a host name. */
export type Lookup = (hostname: string) => Promise<Address[]>

/** All other protocols leave this machine by no name: fetch refuses them, or reads the address itself. */
const OVER_TCP: ReadonlySet<string> = new Set(['https:', 'http:'])
/** What fetch says of itself too; file hosts refuse who says nothing. */
const SAID_BY_ALL = { accept: '*/*', 'user-agent': 'chaos-relay' }
/** Answers that have no body, and must not be given one. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * The fetch of the relay. The operator's own origins (`trusted`) are asked as ever, wherever they lie. Any other address came from a platform's
 * answer: its name is resolved once, every address it has must be one of the internet, and only those are connected to, so that a name which
 * leads inside, or which changes between the check and the connection, leads nowhere. Such requests follow no redirect. relay:ATT6
 */
export function createPublicFetch({
  trusted,
  lookup = (hostname) => systemLookup(hostname, { all: true }),
  isPublic = createPublicAddresses(),
}: {
  /** Addresses whose origins the operator configured. */
  trusted: readonly string[]
  lookup?: Lookup | undefined
  isPublic?: (address: string) => boolean
}): typeof fetch {
  const origins = new Set(trusted.map((address) => new URL(address).origin))

  async function addressesOf({ hostname }: URL): Promise<Address[]> {
    const literal = hostname.replace(/^\[|\]$/g, '')
    const family = isIP(literal)
    const addresses = family === 0 ? await lookup(hostname) : [{ address: literal, family }]
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublic(address)))
      throw new Error('This name leads to an address that is not one of the internet.')
    return addresses
  }

  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (origins.has(url.origin) || !OVER_TCP.has(url.protocol)) return fetch(input, init)
    const request = new Request(input, init)
    try {
      return await ask(request, url, await addressesOf(url))
    } catch (cause) {
      throw new TypeError('fetch failed', { cause })
    }
  }
}

/** As the relay's own requests are: nothing is decompressed, and no connection is kept that an earlier check was made for. */
async function ask(request: Request, url: URL, addresses: Address[]): Promise<Response> {
  const body = request.body ? Buffer.from(await request.arrayBuffer()) : undefined
  const answer = await new Promise<plain.IncomingMessage>((resolve, reject) => {
    const options: tls.RequestOptions = {
      method: request.method,
      headers: { ...SAID_BY_ALL, ...Object.fromEntries(request.headers), ...(body && { 'content-length': body.byteLength }) },
      lookup: onlyTo(addresses),
      signal: request.signal,
      agent: false,
    }
    const sent = url.protocol === 'https:' ? tls.request(url, options) : plain.request(url, options)
    sent.once('response', resolve).once('error', reject).end(body)
  })
  return response(answer, request.redirect)
}

/** In place of asking again: the connection goes to what was checked. */
function onlyTo(addresses: Address[]): LookupFunction {
  const [first] = addresses
  return (_hostname, { all }, callback) => {
    if (all) callback(null, addresses)
    else callback(null, first?.address ?? '', first?.family)
  }
}

function response(answer: plain.IncomingMessage, redirect: Request['redirect']): Response {
  const { statusCode: status = 502, headersDistinct } = answer
  if (status >= 300 && status < 400 && status !== 304 && redirect !== 'manual') {
    answer.destroy()
    throw new Error('The answer sends elsewhere.')
  }
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct)) for (const value of values) headers.append(name, value)
  if (!WITHOUT_BODY.has(status)) return new Response(Readable.toWeb(answer) as ReadableStream, { status, headers })
  answer.resume()
  return new Response(null, { status, headers })
}
