import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Addresses } from './address.ts'
import type { RelayRequest } from './route.ts'

const NO_BODY = Buffer.alloc(0)

/**
 * One request. What most routes never ask for (query, address, base URL) is worked out when asked, which is why this is a class: getters on a
 * prototype cost nothing per request. Do not spread it, the getters would be lost.
 */
export class HttpRequest implements RelayRequest {
  readonly id: string
  readonly method: string
  readonly pathname: string
  readonly target: string
  params: Record<string, string | undefined> = {}
  body: Buffer = NO_BODY
  readonly #message: IncomingMessage
  readonly #addresses: Addresses
  #query: URLSearchParams | undefined

  constructor(id: string, message: IncomingMessage, addresses: Addresses) {
    this.id = id
    this.method = message.method ?? ''
    this.target = addresses.target(message.url ?? '')
    const mark = this.target.indexOf('?')
    this.pathname = mark === -1 ? this.target : this.target.slice(0, mark)
    this.#message = message
    this.#addresses = addresses
  }

  get headers(): IncomingHttpHeaders {
    return this.#message.headers
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.target.slice(this.pathname.length))
    return this.#query
  }

  get ip(): string {
    return this.#addresses.ip(this.#message)
  }

  get baseUrl(): string {
    return this.#addresses.baseUrl(this.#message)
  }
}
