import type { ChannelState } from '#protocol/channel.ts'
import { type Html, html } from './html.ts'
import { type IconName, icon } from './icons.ts'

/** State is an icon and a word; colour comes last. */
type Tone = 'plain' | 'ok' | 'warn' | 'fail'
const STATES: Readonly<Record<ChannelState, { word: string; tone: Tone; icon: IconName }>> = {
  ok: { word: 'Working', tone: 'ok', icon: 'check' },
  waiting_pairing: { word: 'Waiting for the code', tone: 'warn', icon: 'clock' },
  waiting_verification: { word: 'Waiting for confirmation', tone: 'warn', icon: 'clock' },
  connecting: { word: 'Connecting', tone: 'plain', icon: 'loader' },
  degraded: { word: 'Works in part', tone: 'warn', icon: 'alert' },
  conflict: { word: 'In use elsewhere', tone: 'warn', icon: 'alert' },
  auth_failed: { word: 'Sign-in failed', tone: 'fail', icon: 'x' },
  not_configured: { word: 'Not set up', tone: 'warn', icon: 'alert' },
  disabled: { word: 'Off', tone: 'plain', icon: 'pause' },
}

export function stateTag(state: ChannelState): Html {
  const look = STATES[state]
  return tag(look.word, look.tone, look.icon)
}

export function toneOf(state: ChannelState): Tone {
  return STATES[state].tone
}

export function tag(word: string, tone: Tone = 'plain', drawing?: IconName): Html {
  return html`<span class="tag ${tone !== 'plain' && `tag-${tone}`}">${drawing && icon(drawing)}${word}</span>`
}

/** A moment: UTC as it leaves the relay, in the reader's own time once times.js has read it. */
export function moment(at: number | string): Html {
  const iso = new Date(at).toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB']

/** `12.4 MB`, in steps of 1000 as disks are sold. */
export function byteSize(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${step > 0 && value < 100 ? value.toFixed(1) : Math.round(value)} ${UNITS[step]}`
}

/** `1,204 messages`, `1 message`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${figure(count)} ${count === 1 ? one : many}`
}

export function figure(count: number): string {
  return count.toLocaleString('en')
}
