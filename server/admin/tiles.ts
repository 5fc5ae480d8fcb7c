import type { ChannelState } from '#protocol/channel.ts'
import type { Host } from '../channels/host.ts'
import { type Html, html } from '../pages/html.ts'
import { byteSize, counted, figure, toneOf } from '../pages/words.ts'

export type Figures = {
  sessions: number
  sockets: number
  queued: number
  failed: number
  channels: ReturnType<Host['totals']>
  storeBytes: number
  /** Bytes left on the disk, where that is known. */
  diskFree: number | undefined
}

/** The relay at a glance. */
export function tiles({ sessions, sockets, queued, failed, channels, storeBytes, diskFree }: Figures): Html {
  const troubled = sum(channels.states, (state) => toneOf(state) === 'warn' || toneOf(state) === 'fail')
  return html`<dl class="tiles">
  ${tile(link('#sockets', 'Open sockets'), figure(sockets), counted(sessions, 'session'))}
  ${tile(link('#sessions', 'Channels'), figure(channels.channels), troubled === 0 ? 'all in order' : `${figure(troubled)} need their owner`, troubled > 0 && 'doubtful')}
  ${tile(link('#delivery', 'Replies waiting'), figure(queued), queued === 0 ? 'all handed over' : 'tried again by themselves')}
  ${tile(link('#delivery', 'Replies failed'), figure(failed), failed === 0 ? 'none is kept' : 'kept with their reason', failed > 0 && 'bad')}
  ${tile('Messages refused', figure(channels.rejected), 'from senders not allowed')}
  ${tile('Storage', byteSize(storeBytes), diskFree === undefined ? 'the whole database' : `${byteSize(diskFree)} free on the disk`, diskFree !== undefined && diskFree < LOW_DISK_BYTES && 'bad')}
</dl>`
}

/** Below this the next large mail may not fit any more. */
const LOW_DISK_BYTES = 500_000_000

function tile(name: Html | string, value: string, note: string, tone: string | false = false): Html {
  return html`<div class="tile-card card"><dt>${name}</dt><dd class="tile-value">${value}</dd><dd class="tile-note ${tone}">${note}</dd></div>`
}

/** To where it is told in full, which on a narrow screen is far below. */
function link(place: string, name: string): Html {
  return html`<a href="${place}">${name}</a>`
}

function sum(states: Partial<Record<ChannelState, number>>, counts: (state: ChannelState) => boolean): number {
  return Object.entries(states).reduce((total, [state, count]) => total + (counts(state as ChannelState) ? count : 0), 0)
}
