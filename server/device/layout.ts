import type { Answer, RelayRequest } from '../http/route.ts'
import { type Html, html } from '../pages/html.ts'
import { icon, logo } from '../pages/icons.ts'
import { pageAnswer } from '../pages/page.ts'

/** The device page, open or closed. device.js replaces what is inside <main>; `#notice` is where it says what went wrong. */
export function deviceLayout(
  request: Pick<RelayRequest, 'headers'>,
  { base, title, main, signedIn }: { base: string; title: string; main: Html; signedIn: boolean },
): Answer {
  const body = html`
<a class="skip" href="#main">Skip to content</a>
<header class="bar">
  <span class="brand">${logo()}<span>Chaos Relay</span></span>
  <p class="live" id="live" role="status" data-state="off"><span class="state state-warn" data-when="lost">${icon('alert')}No answer. Trying again.</span></p>
  ${signedIn && html`<button class="btn btn-sm" type="button" id="sign-out" data-href="${base}/logout">Sign out</button>`}
</header>
<div id="notice" class="notice" role="alert"></div>
<p id="said" class="sr" role="status"></p>
${main}`
  return pageAnswer({ base, kit: 'device', title, body, ifNoneMatch: request.headers['if-none-match'] })
}
