import { RelayError } from '#protocol/errors.ts'
import type { RelayRequest } from '../http/route.ts'

type Asked = Pick<RelayRequest, 'headers' | 'baseUrl'>

/**
 * Throws bad_origin when another site makes a browser ask. A request without Origin is no browser's, or an old one's, which SameSite=Strict keeps from
 * sending the cookie. `null` is what a form of our own pages says, because they tell no address; then the browser's word is needed. relay:ADM4, DEV2
 */
export function refuseForeign(request: Asked): void {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (site === 'cross-site') throw foreign()
  if (origin === undefined) return
  if (origin === 'null' ? site !== 'same-origin' : !isOwn(origin, request)) throw foreign()
}

/** The public address, or the one the browser used. What came by https is not for a page that did not. */
function isOwn(origin: string, { headers, baseUrl }: Asked): boolean {
  if (!URL.canParse(origin)) return false
  const [page, relay] = [new URL(origin), new URL(baseUrl)]
  if (page.origin === relay.origin) return true
  const downgraded = page.host === relay.host && page.protocol !== 'https:'
  return page.host === headers.host?.toLowerCase() && !downgraded
}

function foreign(): RelayError {
  return new RelayError(
    'bad_origin',
    'This was asked for by another site. Open the relay’s own page; if this is it, set CHAOS_PUBLIC_URL to the address you see.',
  )
}
