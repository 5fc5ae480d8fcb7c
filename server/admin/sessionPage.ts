import type { ChannelMessage } from '#protocol/message.ts'
import { type Html, html } from '../pages/html.ts'
import { icon } from '../pages/icons.ts'
import { counted, figure, moment } from '../pages/words.ts'
import { channelRow } from './channelRows.ts'
import type { ShownSession } from './facts.ts'
import { messageRow } from './messageRows.ts'
import { preview } from './preview.ts'
import { sessionTags, shortId } from './sessionCard.ts'

/** Longer messages are cut on the page; the JSON route gives them whole. */
const SHOWN_CHARACTERS = 2_000

export type SessionPage = {
  base: string
  session: ShownSession
  messages: ChannelMessage[]
  /** The cursor of the next page, and whether this is not the first. */
  older: number | undefined
  newest: boolean
}

/** A session with its channels and, page by page, its messages. relay:ADM7 */
export function sessionPage({ base, session, messages, older, newest }: SessionPage): Html {
  const own = `${base}/sessions/${session.userId}`
  return html`<main class="dash dash-narrow" id="main">
  <div class="page-head"><div class="grow">
    <p class="small"><a class="back" href="${base}">${icon('arrowLeft', 'i-sm flip')}Dashboard</a></p>
    <h1>Session <span class="mono-title">${shortId(session.userId)}</span></h1>
    <p class="tags">${sessionTags(session)}</p>
  </div></div>
  <section class="section" aria-labelledby="about">
    <div class="section-head"><h2 id="about">About</h2></div>
    <dl class="card card-pad pairs">
      <dt>User id</dt><dd><code>${session.userId}</code></dd>
      <dt>Since</dt><dd>${moment(session.createdAt)}</dd>
      <dt>Identity</dt><dd>${session.keyed ? 'Has a key and signs its requests' : 'Token only: whoever has the token can read and reply'}</dd>
      <dt>Stored</dt><dd>${counted(session.stored, 'message')}, ${figure(session.unacked)} not fetched yet</dd>
    </dl>
  </section>
  <section class="section" aria-labelledby="channels">
    <div class="section-head"><h2 id="channels">Channels</h2><p class="muted">${figure(session.channels.length)}</p></div>
    <div class="card">
      ${session.channels.length === 0 && html`<div class="blank">${icon('plug', 'blank-icon')}<h3>No channels</h3></div>`}
      <ul class="lines">${session.channels.map((channel) => channelRow(channel, true))}</ul>
    </div>
  </section>
  <section class="section" aria-labelledby="messages">
    <div class="section-head"><h2 id="messages">Messages</h2><p class="muted">newest first</p></div>
    <div class="card">
      ${messages.length === 0 && html`<div class="blank">${icon('inbox', 'blank-icon')}<h3>${newest ? 'No messages stored' : 'No older messages'}</h3></div>`}
      <ul class="lines">${messages.map((message) => messageRow({ ...message, content: preview(message.content, SHOWN_CHARACTERS) }, html``))}</ul>
    </div>
    ${
      (older !== undefined || !newest) &&
      html`<nav class="pager" aria-label="Pages of messages">
      ${!newest && html`<a class="btn btn-sm" href="${own}">Newest messages</a>`}
      ${older !== undefined && html`<a class="btn btn-sm" href="${own}?cursor=${older}">Older messages</a>`}
    </nav>`
    }
  </section>
  <section class="section" aria-labelledby="end">
    <div class="section-head"><h2 id="end">Delete</h2></div>
    <div class="card card-pad danger">
      <p>Removes the session with its channels, messages, replies and files, and closes its sockets. Its owner starts anew.</p>
      <a class="btn btn-plain-danger" href="${own}/delete">Delete this session</a>
    </div>
  </section>
</main>`
}
