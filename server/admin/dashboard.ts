import type { AdminRecent } from '#protocol/admin.ts'
import { type Html, html } from '../pages/html.ts'
import { icon } from '../pages/icons.ts'
import { figure, moment } from '../pages/words.ts'
import type { OperatorStore } from '../store/operatorPort.ts'
import { VERSION } from '../version.ts'
import type { OpenSocket } from '../ws/hub.ts'
import type { ShownSession } from './facts.ts'
import { messageRow } from './messageRows.ts'
import { queueSection } from './queueSection.ts'
import { sessionCard, shortId } from './sessionCard.ts'
import { socketsSection } from './socketsSection.ts'
import { type Figures, tiles } from './tiles.ts'

export type Dashboard = {
  base: string
  startedAt: number
  writable: boolean
  figures: Figures
  queue: Awaited<ReturnType<OperatorStore['replies']>>
  sockets: OpenSocket[]
  sessions: ShownSession[]
  /** Which sessions the next page begins below; and whether this is not the first. */
  older: number | undefined
  newest: boolean
  recent: AdminRecent[]
  /** A short userId that was just deleted. */
  deleted: string | undefined
}

/** Everything that goes on in the relay, on one page. relay:ADM6 */
export function dashboard(shown: Dashboard): Html {
  const { base, startedAt, writable, figures, queue, sockets, recent, deleted } = shown
  return html`<main class="dash" id="main">
  <div class="page-head"><div>
    <h1>Dashboard</h1>
    <p>Version ${VERSION}, running since ${moment(startedAt)}</p>
  </div></div>
  ${!writable && html`<div class="banner banner-fail" role="alert">${icon('alert')}<p><strong>The store takes no writes.</strong> Messages are refused until it does. Check the disk and the relay’s log.</p></div>`}
  ${deleted !== undefined && html`<div class="banner banner-ok" role="status">${icon('check')}<p>Session <span class="mono">${deleted}</span> was deleted, with everything it had.</p></div>`}
  ${tiles(figures)}
  <div class="columns">
    <div class="column">
      ${sessionsSection(shown)}
      <section class="section" aria-labelledby="recent">
        <div class="section-head"><h2 id="recent">Recent messages</h2></div>
        <div class="card">
          ${recent.length === 0 && html`<div class="blank">${icon('inbox', 'blank-icon')}<h3>No messages yet</h3><p class="small muted">What platforms and webhooks send shows here.</p></div>`}
          <ul class="lines">${recent.map((message) => messageRow({ ...message, content: message.content.replace(/\s+/g, ' ') }, html`<a class="mono-caption" href="${base}/sessions/${message.userId}">${shortId(message.userId)}</a>, `))}</ul>
        </div>
      </section>
    </div>
    <div class="column">
      ${queueSection(queue, base)}
      ${socketsSection(sockets, { base, total: figures.sockets })}
    </div>
  </div>
</main>`
}

function sessionsSection({ base, sessions, figures, older, newest }: Dashboard): Html {
  return html`<section class="section" aria-labelledby="sessions">
  <div class="section-head"><h2 id="sessions">Sessions</h2><p class="muted">${figure(figures.sessions)}</p></div>
  ${sessions.length === 0 && html`<div class="card"><div class="blank">${icon('key', 'blank-icon')}<h3>No sessions yet</h3><p class="small muted">The extension makes one as soon as it connects to this relay.</p></div></div>`}
  <ul class="cards">${sessions.map((session) => sessionCard(session, base))}</ul>
  ${
    (older !== undefined || !newest) &&
    html`<nav class="pager" aria-label="Pages of sessions">
    ${!newest && html`<a class="btn btn-sm" href="${base}">Newest sessions</a>`}
    ${older !== undefined && html`<a class="btn btn-sm" href="${base}?before=${older}">Older sessions</a>`}
  </nav>`
  }
</section>`
}
