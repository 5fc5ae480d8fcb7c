import { scrub } from '../logScrub.ts'
import { type Html, html } from '../pages/html.ts'
import { channelMark, icon } from '../pages/icons.ts'
import { counted, figure, moment } from '../pages/words.ts'
import type { OperatorStore } from '../store/operatorPort.ts'
import type { ReplyRecord } from '../store/port.ts'
import { shortId } from './sessionCard.ts'

type Queue = Awaited<ReturnType<OperatorStore['replies']>>

/** What waits to be handed to a platform, and what never will be. */
export function queueSection({ queued, failed, waiting, failures }: Queue, base: string): Html {
  return html`<section class="section" aria-labelledby="delivery">
  <div class="section-head"><h2 id="delivery">Delivery</h2><p class="muted">${figure(queued)} waiting, ${figure(failed)} failed</p></div>
  <div class="card">
    ${queued + failed === 0 && html`<div class="blank">${icon('send', 'blank-icon')}<h3>Nothing waits</h3><p class="small muted">Every reply was handed to its platform.</p></div>`}
    ${waiting.length > 0 && html`<h3 class="list-title">Waiting</h3><ul class="lines">${waiting.map((reply) => replyRow(reply, base, waits(reply)))}</ul>${more(queued - waiting.length)}`}
    ${failures.length > 0 && html`<h3 class="list-title">Failed</h3><ul class="lines">${failures.map((reply) => replyRow(reply, base, hasFailed(reply)))}</ul>${more(failed - failures.length)}`}
  </div>
</section>`
}

function replyRow({ responseId, userId, channelType, channelId }: ReplyRecord, base: string, state: Html): Html {
  return html`<li class="line" data-key="${responseId}">
  ${channelMark(channelType)}
  <div class="grow stack line-words">
    ${state}
    <p class="caption faint">Session <a class="mono-caption" href="${base}/sessions/${userId}">${shortId(userId)}</a>, <span class="mono-caption">${channelId}</span></p>
  </div>
</li>`
}

function waits({ attempts, dueAt, reason }: ReplyRecord): Html {
  if (attempts === 0) return html`<p class="small">On its way</p>`
  return html`<p class="small"><span class="doubtful">${icon('clock', 'i-sm')} Tried ${counted(attempts, 'time')}</span>, next ${moment(dueAt)}</p>${why(reason)}`
}

function hasFailed({ attempts, updatedAt, reason }: ReplyRecord): Html {
  return html`<p class="small"><span class="bad">${icon('x', 'i-sm')} Not sent</span> ${moment(updatedAt)}${attempts > 1 && `, after ${counted(attempts, 'attempt')}`}</p>${why(reason)}`
}

function why(reason: string | undefined): Html | false {
  return reason !== undefined && html`<p class="small muted words" dir="auto">${scrub(reason)}</p>`
}

function more(count: number): Html | false {
  return count > 0 && html`<p class="list-more small muted">and ${figure(count)} more</p>`
}
