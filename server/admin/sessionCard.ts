import { type Html, html } from '../pages/html.ts'
import { counted, moment, tag } from '../pages/words.ts'
import { channelRow } from './channelRows.ts'
import type { ShownSession } from './facts.ts'

/** Enough of a userId to tell sessions apart by eye. */
export function shortId(userId: string): string {
  return userId.slice(0, 8)
}

export function sessionCard(session: ShownSession, base: string): Html {
  const { userId, createdAt, keyed, channels } = session
  return html`<li class="card" data-key="${userId}">
  <div class="session-head">
    <div class="grow stack">
      <h3><a class="mono" href="${base}/sessions/${userId}">${shortId(userId)}</a></h3>
      <p class="small muted">Since ${moment(createdAt)}, ${keyed ? 'signs its requests' : 'token only, unsigned'}</p>
    </div>
    <p class="tags">${sessionTags(session)}</p>
  </div>
  ${channels.length > 0 && html`<ul class="lines">${channels.map((channel) => channelRow(channel))}</ul>`}
</li>`
}

/** What is open, what waits and what was lost. */
export function sessionTags({ wsConnections, unacked, dropped }: ShownSession): Html {
  return html`${wsConnections > 0 ? tag(counted(wsConnections, 'socket'), 'ok', 'plug') : tag('Not connected', 'plain', 'pause')}
  ${unacked > 0 && tag(`${counted(unacked, 'message')} not fetched`, 'warn', 'clock')}
  ${dropped > 0 && tag(`${counted(dropped, 'message')} expired unread`, 'fail', 'alert')}`
}
