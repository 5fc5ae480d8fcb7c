import { type Html, html } from '../pages/html.ts'
import { channelMark, icon } from '../pages/icons.ts'
import { counted, moment, stateTag, tag, toneOf } from '../pages/words.ts'
import type { ShownChannel } from './facts.ts'

/** One channel of a session; `whole` also lists who may write. */
export function channelRow(channel: ShownChannel, whole = false): Html {
  const { id, type, agentId, status, hasPairingCode } = channel
  const state = status.state
  const troubled = toneOf(state) === 'warn' || toneOf(state) === 'fail'
  return html`<li class="line" data-key="${id}">
  ${channelMark(type)}
  <div class="grow stack line-words">
    <p class="line-title"><span class="truncate words" dir="auto">${titleOf(channel)}</span>${stateTag(state)}${hasPairingCode && tag('Code given out', 'plain', 'key')}</p>
    <p class="small muted">${facts(channel)}${agentId !== '' && html`, agent <span dir="auto">${agentId}</span>`}</p>
    ${troubled && status.detail !== undefined && html`<p class="small ${toneOf(state) === 'fail' ? 'bad' : 'doubtful'}">${status.detail}</p>`}
    ${whole && people(channel)}
    ${whole && status.lastRejectedReason !== undefined && html`<p class="small muted">Last refused: <span dir="auto">${status.lastRejectedReason}</span></p>`}
  </div>
</li>`
}

function titleOf({ id, name, botUsername, inboundAddress }: ShownChannel): string {
  return name ?? (botUsername === undefined ? (inboundAddress ?? id) : `@${botUsername}`)
}

function facts({ status: { lastInboundAt, rejected = 0 } }: ShownChannel): Html {
  const last = lastInboundAt === undefined ? html`Nothing arrived yet` : html`Last message ${moment(lastInboundAt)}`
  return html`${last}${rejected > 0 && html`, <span class="refused">${counted(rejected, 'message')} refused</span>`}`
}

function people({ id, botUsername, inboundAddress, allowedUsers = [], allowedSenders = [], verified }: ShownChannel): Html {
  const row = (name: string, values: string[]) =>
    values.length > 0 && html`<dt>${name}</dt><dd>${values.map((value) => html`<span class="tag" dir="auto">${value}</span>`)}</dd>`
  return html`<dl class="pairs">
    <dt>Channel id</dt><dd><code>${id}</code></dd>
    ${botUsername !== undefined && html`<dt>Bot</dt><dd>@${botUsername}</dd>`}
    ${inboundAddress !== undefined && html`<dt>Takes mail at</dt><dd><code>${inboundAddress}</code></dd>`}
    ${row('Allowed users', allowedUsers)}${row('Allowed senders', allowedSenders)}
    ${verified !== undefined && html`<dt>Owner’s address</dt><dd>${verified ? html`${icon('check')} confirmed` : html`${icon('clock')} not confirmed yet`}</dd>`}
  </dl>`
}
