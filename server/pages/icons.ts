import type { ChannelType } from '#protocol/message.ts'
import { type Html, html } from './html.ts'

/** Drawings of 24 by 24, in the current colour, as the extension has them. */
const PATHS = {
  alert: 'M12 4 2.8 19.5h18.4zM12 10v4M12 17h.01',
  arrowLeft: 'M19 12H5m6-6-6 6 6 6',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  chevronDown: 'm6 9 6 6 6-6',
  clock: 'M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 7v5l3 2',
  database: 'M4 6a8 3 0 1 0 16 0a8 3 0 1 0-16 0M4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
  inbox: 'M3 13h5l1.5 3h5L16 13h5M3 13l3-8h12l3 8v5a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z',
  key: 'M4 16a4 4 0 1 0 8 0a4 4 0 1 0-8 0M11 13l8-8M16 8l3 3',
  loader: 'M12 3a9 9 0 1 0 9 9',
  pause: 'M9 5v14M15 5v14',
  plug: 'M9 3v5M15 3v5M6 8h12v4a6 6 0 0 1-12 0zM12 18v3',
  send: 'M21 3 3 10l7 4 4 7zM21 3 10 14',
  shieldCheck: 'M12 3 5 5.5V11c0 5 3 8 7 10 4-2 7-5 7-10V5.5zM9 11.5l2.2 2.2 4-4.2',
  telegram: 'M21 3 3 10l7 4 4 7zM21 3 10 14',
  discord:
    'M8 5.5h8a4.5 4.5 0 0 1 4.4 3.6L21.5 15c.4 2-1.3 3.6-3.2 3.2L15.5 16h-7l-2.8 2.2c-1.9.4-3.6-1.2-3.2-3.2l1.1-5.9A4.5 4.5 0 0 1 8 5.5zM9 11.5h.01M15 11.5h.01',
  slack: 'M4 9h16M4 15h16M10 3.5 8 20.5M16 3.5l-2 17',
  email: 'M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM4 7.5l8 6 8-6',
  webhook:
    'M9.5 6a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M3 17.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M16 17.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M10.8 8.2 6.8 15.3M8 17.5h8M13.2 8.2l4 7.1',
  x: 'm6 6 12 12M18 6 6 18',
} as const

export type IconName = keyof typeof PATHS

/** Beside a word; it says nothing by itself. */
export function icon(name: IconName, extra = ''): Html {
  return html`<svg class="i ${extra}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="${PATHS[name]}"/></svg>`
}

const NAMES: Readonly<Record<ChannelType, string>> = {
  webhook: 'Webhook',
  telegram: 'Telegram',
  discord: 'Discord',
  slack: 'Slack',
  email: 'Email',
}

export function channelTypeName(type: ChannelType): string {
  return NAMES[type]
}

/** The tinted sign of a kind of channel; its name is for screen readers. */
export function channelMark(type: ChannelType, size: 'small' | 'large' = 'small'): Html {
  return html`<span class="mark ch-${type} ${size === 'large' && 'mark-lg'}">${icon(type)}<span class="sr">${NAMES[type]}: </span></span>`
}

export function logo(): Html {
  return html`<svg class="logo" viewBox="0 0 128 128" aria-hidden="true" focusable="false"><rect width="128" height="128" rx="30" fill="#0b666c"/><path d="M88 72A32 32 0 1 1 56 40" fill="none" stroke="#fff" stroke-width="16" stroke-linecap="round"/><circle cx="96" cy="32" r="16" fill="#7fe3d4"/></svg>`
}
