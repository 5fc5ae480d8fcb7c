import { type Html, html } from '../pages/html.ts'
import { icon } from '../pages/icons.ts'
import { byteSize, figure, moment, tag } from '../pages/words.ts'
import type { OpenSocket } from '../ws/hub.ts'
import { shortId } from './sessionCard.ts'

/** Below this a socket keeps up. */
const NOTEWORTHY_BYTES = 64 * 1024

export function socketsSection(sockets: readonly OpenSocket[], { base, total }: { base: string; total: number }): Html {
  return html`<section class="section" aria-labelledby="sockets">
  <div class="section-head"><h2 id="sockets">Open sockets</h2><p class="muted">${figure(total)}</p></div>
  <div class="card">
    ${sockets.length === 0 && html`<div class="blank">${icon('plug', 'blank-icon')}<h3>Nobody is connected</h3><p class="small muted">Messages wait here until a browser fetches them.</p></div>`}
    <ul class="lines">${sockets.map((socket) => socketRow(socket, base))}</ul>
    ${total > sockets.length && html`<p class="list-more small muted">and ${figure(total - sockets.length)} more</p>`}
  </div>
</section>`
}

function socketRow({ userId, kind, stage, openedAt, unsentBytes }: OpenSocket, base: string): Html {
  return html`<li class="line line-flat" data-key="${userId}-${openedAt}">
  <div class="grow stack">
    <p class="line-title"><a class="mono" href="${base}/sessions/${userId}">${shortId(userId)}</a>${tag(STAGES[stage], stage === 'live' ? 'ok' : 'warn', stage === 'live' ? 'check' : 'clock')}${unsentBytes > NOTEWORTHY_BYTES && tag(`${byteSize(unsentBytes)} unsent`, 'warn', 'alert')}</p>
    <p class="caption faint">Since ${moment(openedAt)}, ${kind === 'v2' ? 'version 2' : 'old protocol'}</p>
  </div>
</li>`
}

const STAGES: Readonly<Record<OpenSocket['stage'], string>> = {
  greeting: 'Greeting',
  catchingUp: 'Catching up',
  live: 'Live',
}
