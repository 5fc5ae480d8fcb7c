import { type Html, html } from '../pages/html.ts'
import { icon } from '../pages/icons.ts'
import { counted } from '../pages/words.ts'
import type { ShownSession } from './facts.ts'
import { shortId } from './sessionCard.ts'

/** The question before a session is deleted: what goes, and that it does not come back. relay:ADM8 */
export function deletePage({ base, session }: { base: string; session: ShownSession }): Html {
  const own = `${base}/sessions/${session.userId}`
  return html`<main class="dash dash-narrow" id="main">
  <div class="card card-pad question" role="group" aria-labelledby="question">
    <h1 id="question">Delete session <span class="mono-title">${shortId(session.userId)}</span>?</h1>
    <p>These go, for good:</p>
    <ul class="goes">
      <li>${icon('inbox')}${counted(session.stored, 'message')}${session.unacked > 0 && html`, <strong class="bad">${counted(session.unacked, 'message')} that nobody has fetched</strong>`}</li>
      <li>${icon('plug')}${counted(session.channels.length, 'channel')}, with their tokens and addresses</li>
      <li>${icon('send')}its replies, also those that wait, and all files</li>
    </ul>
    <p class="small muted">Only a backup brings them back.</p>
    <div class="question-actions">
      <a class="btn" href="${own}">Keep it</a>
      <form method="post" action="${own}/delete" data-send="navigate"><button class="btn btn-danger" type="submit">Delete session</button></form>
    </div>
  </div>
</main>`
}
