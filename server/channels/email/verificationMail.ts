import { escapeHtml } from '../../http/escapeHtml.ts'
import type { OutgoingMail } from './outgoingMail.ts'

/**
 * The mail with the link. It names no text somebody else chose (a channel's name), because it goes to an address that has not agreed to
 * anything yet. relay:EML3
 */
export function verificationMail(about: { domain: string; userEmail: string; inboundAddress: string; link: string }): OutgoingMail {
  const { domain, userEmail, inboundAddress, link } = about
  const lines = {
    what: `Somebody, probably you, wants mail from ${userEmail} to reach their browser through Chaos Relay.`,
    how: 'Open this page and press Confirm:',
    next: `Then write to ${inboundAddress}: your mail appears in the extension, and answers come back to you.`,
    when: 'The link works for 24 hours. If this was not you, ignore this mail: nothing happens.',
  }
  return {
    from: `Chaos Relay <noreply@${domain}>`,
    to: [userEmail],
    subject: 'Confirm your address for Chaos Relay',
    text: [lines.what, '', lines.how, link, '', lines.next, '', lines.when, ''].join('\n'),
    html: htmlBody(lines, link),
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

function htmlBody({ what, how, next, when }: Record<'what' | 'how' | 'next' | 'when', string>, link: string): string {
  const paragraph = (text: string, style = '') => `<p style="margin:0 0 16px;${style}">${escapeHtml(text)}</p>`
  const url = escapeHtml(link)
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">',
    '<title>Confirm your address</title></head>',
    '<body style="font:16px/24px system-ui,-apple-system,Segoe UI,Roboto,sans-serif;max-width:34em;margin:24px auto;padding:0 16px">',
    paragraph(what),
    paragraph(how),
    `<p style="margin:0 0 16px"><a href="${url}" style="display:inline-block;padding:8px 20px;border-radius:8px;`,
    'background:#0b666c;color:#ffffff;font-weight:600;text-decoration:none">Open the page</a></p>',
    `<p style="margin:0 0 16px;font-size:13px;word-break:break-all"><a href="${url}">${url}</a></p>`,
    paragraph(next),
    paragraph(when, 'font-size:13px;opacity:0.75'),
    '</body></html>',
  ].join('')
}
