import type { Answer } from '../http/route.ts'
import { etagOf } from './assets.ts'
import { type Html, html } from './html.ts'

/**
 * Nothing inline, nothing from elsewhere, framed nowhere, kept by no cache, tells nobody its address. Scripts and style sheets come from the relay alone, so
 * markup that slipped in would do nothing.
 */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex',
}

export type Page = {
  status?: number
  headers?: Record<string, string>
  /** Where the page's family lives, with the prefix of CHAOS_PUBLIC_URL: `/admin`. */
  base: string
  /** Its own style sheet and script, besides the kit: `admin`. */
  kit: string
  title: string
  body: Html
  /** For pages that refresh themselves: what they show has not changed when this is the same. */
  ifNoneMatch?: string | undefined
}

/** A page of the relay, whole. */
export function pageAnswer({ status = 200, headers = {}, base, kit, title, body, ifNoneMatch }: Page): Answer {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Chaos Relay</title>
<link rel="icon" href="${base}/assets/icon.svg">
<link rel="stylesheet" href="${base}/assets/kit.css">
<link rel="stylesheet" href="${base}/assets/${kit}.css">
<script type="module" src="${base}/assets/${kit}.js"></script>
</head>
<body>
${body}
</body>
</html>
`.toString()
  const etag = etagOf(document)
  if (status === 200 && ifNoneMatch === etag) return { status: 304, headers: { ...HEADERS, ETag: etag }, empty: true }
  return { status, headers: { ...HEADERS, ETag: etag, ...headers }, html: document }
}
