import type { Answer, RelayRequest } from '../http/route.ts'
import { html } from '../pages/html.ts'
import { deviceLayout } from './layout.ts'

/** What GET /app shows to a browser in which no link was opened; device.js opens the one in the address. relay:DEV1 */
export function closedPage(request: RelayRequest, base: string): Answer {
  const main = html`<main class="door card" id="main" data-page="closed" data-session="${base}/session">
  <h1>Your channels on this device</h1>
  <p>Open this page by a link from the extension:</p>
  <ol class="how">
    <li>In the browser with the extension, open its options.</li>
    <li>Choose Connection, then Device page.</li>
    <li>Scan the code, or open the link here. It works once, for ten minutes.</li>
  </ol>
  <noscript><p class="banner banner-warn">This page needs JavaScript: the link’s secret never leaves the browser by itself.</p></noscript>
</main>`
  return deviceLayout(request, { base, title: 'Device page', main, signedIn: false })
}
