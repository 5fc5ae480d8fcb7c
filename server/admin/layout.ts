import type { Answer, RelayRequest } from '../http/route.ts'
import { type Html, html } from '../pages/html.ts'
import { icon, logo } from '../pages/icons.ts'
import { pageAnswer } from '../pages/page.ts'

/** A page of the dashboard. `live` ones refresh themselves: only what is inside their <main> changes. */
export function adminPage(
  request: Pick<RelayRequest, 'headers'>,
  { base, title, main, live, status = 200 }: { base: string; title: string; main: Html; live: boolean; status?: number },
): Answer {
  const body = html`
<a class="skip" href="#main">Skip to content</a>
<header class="bar">
  <a class="brand" href="${base}">${logo()}<span>Chaos Relay</span></a>
  ${live && liveState()}
  <form method="post" action="${base}/logout" data-send="navigate"><button class="btn btn-sm" type="submit">Sign out</button></form>
</header>
${main}`
  return pageAnswer({ status, base, kit: 'admin', title, body, ifNoneMatch: request.headers['if-none-match'] })
}

/** Shown by live.js; without scripts there is nothing to say. */
function liveState(): Html {
  return html`<p class="live" id="live" role="status" data-state="off">
    <span class="state state-ok" data-when="live">${icon('check')}Live</span>
    <span class="state state-warn" data-when="lost">${icon('alert')}The relay does not answer. Trying again.</span>
  </p>`
}
