import { type Html, html } from '../pages/html.ts'

/** For a session that is gone, or an address that was mistyped. */
export function missingPage(base: string): Html {
  return html`<main class="dash dash-narrow" id="main">
  <div class="card card-pad question">
    <h1>There is no such session</h1>
    <p>It was deleted, or the address is incomplete.</p>
    <div class="question-actions"><a class="btn btn-primary" href="${base}">Back to the dashboard</a></div>
  </div>
</main>`
}
