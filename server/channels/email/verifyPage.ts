import { createHash } from 'node:crypto'
import { escapeHtml } from '../../http/escapeHtml.ts'
import type { Answer } from '../../http/route.ts'
import { VERIFY_STYLE } from './verifyStyle.ts'

const STYLE_HASH = createHash('sha256').update(VERIFY_STYLE).digest('base64')

/** The page loads nothing, is framed nowhere, is kept by no cache, and tells nobody its address, which holds the token. relay:EML4 */
const HEADERS = {
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex',
}

const MARK = `<svg class="mark" viewBox="0 0 128 128" aria-hidden="true"><rect width="128" height="128" rx="30" fill="#0b666c"/><path d="M88 72A32 32 0 1 1 56 40" fill="none" stroke="#fff" stroke-width="16" stroke-linecap="round"/><circle cx="96" cy="32" r="16" fill="#7fe3d4"/></svg>`

export type Tone = 'neutral' | 'good' | 'bad'
type Addresses = { userEmail: string; inboundAddress: string }

/** The button that verifies; opening the page alone does not, because mail scanners open links too. relay:EML4, EML5 */
export function confirmPage(addresses: Addresses, form: { token: string; channelId: string }): Answer {
  const field = (name: keyof typeof form) => `<input type="hidden" name="${name}" value="${escapeHtml(form[name])}">`
  return page(200, 'neutral', 'Confirm your address', [
    '<p>Mail from this address will reach your browser, and answers will be sent to it.</p>',
    facts(addresses),
    `<form method="post" action="verify">${field('token')}${field('channelId')}<button type="submit">Confirm</button></form>`,
    '<p class="small">Not you? Close this page: nothing happens.</p>',
  ])
}

export function confirmedPage(addresses: Addresses): Answer {
  return page(200, 'good', 'Address confirmed', [
    `<p>Write to <strong>${escapeHtml(addresses.inboundAddress)}</strong> from your address: the mail appears in the extension.</p>`,
    '<p class="small">You can close this page.</p>',
  ])
}

export function alreadyVerifiedPage(addresses: Addresses): Answer {
  return page(200, 'good', 'Already verified', [
    `<p>This address is already verified. Write to <strong>${escapeHtml(addresses.inboundAddress)}</strong>.</p>`,
    '<p class="small">You can close this page.</p>',
  ])
}

export function expiredPage(): Answer {
  return page(410, 'bad', 'This link has expired', [
    '<p>Links work for 24 hours. In the extension, open the channel and choose “Send again”.</p>',
  ])
}

export function unknownLinkPage(): Answer {
  return page(404, 'bad', 'This link does not work', [
    '<p>It was replaced by a newer one, or the channel was deleted. Use the link in the newest mail.</p>',
  ])
}

export function incompleteLinkPage(): Answer {
  return page(400, 'bad', 'This link is incomplete', [
    '<p>A part of it got lost, perhaps at a line break. Copy the whole link from the mail.</p>',
  ])
}

function facts({ userEmail, inboundAddress }: Addresses): string {
  const row = (name: string, value: string) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`
  return `<dl>${row('Your address', userEmail)}${row('Address of the channel', inboundAddress)}</dl>`
}

function page(status: number, tone: Tone, title: string, body: string[]): Answer {
  const html = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">',
    `<title>${title} · Chaos Relay</title><style>${VERIFY_STYLE}</style></head>`,
    `<body><main class="${tone}"><header>${MARK}<span>Chaos Relay</span></header><h1>${title}</h1>${body.join('')}</main></body></html>`,
  ].join('')
  return { status, headers: HEADERS, html }
}
