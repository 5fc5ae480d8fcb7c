import type { ChannelConfig } from '#protocol/channel.ts'
import type { Answer, RelayRequest } from '../http/route.ts'
import { html } from '../pages/html.ts'
import { icon } from '../pages/icons.ts'
import { counted, moment } from '../pages/words.ts'
import { channelCard } from './channelCard.ts'
import { deviceLayout } from './layout.ts'

/** A session's channels, to be looked after from a phone. relay:DEV2 */
export function devicePage(
  request: RelayRequest,
  { base, userId, until, channels }: { base: string; userId: string; until: number; channels: readonly ChannelConfig[] },
): Answer {
  // Inert until device.js listens: what is clicked before would be lost.
  const main = html`<main class="device" id="main" inert data-page="open" data-session="${base}/session">
  <div class="page-head"><div>
    <h1>Channels</h1>
    <p>${counted(channels.length, 'channel')} of session <span class="mono">${userId.slice(0, 8)}</span>. Open here until ${moment(until)}.</p>
  </div></div>
  <noscript><p class="banner banner-warn">This page needs JavaScript.</p></noscript>
  ${channels.length === 0 && html`<div class="card"><div class="blank">${icon('plug', 'blank-icon')}<h2>No channels yet</h2><p class="small muted">Add one in the extension: paste a bot token, an email address or “webhook”. It shows here at once.</p></div></div>`}
  <ul class="cards">${channels.map((channel) => channelCard(channel, `${base}/channels/${encodeURIComponent(channel.id)}`))}</ul>
</main>`
  return deviceLayout(request, { base, title: 'Channels', main, signedIn: true })
}
