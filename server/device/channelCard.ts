import type { ChannelConfig } from '#protocol/channel.ts'
import { type Html, html } from '../pages/html.ts'
import { channelMark, channelTypeName, icon } from '../pages/icons.ts'
import { moment, stateTag, toneOf } from '../pages/words.ts'
import { settingsForm } from './settingsForm.ts'
import { titleOf } from './title.ts'

/** Kinds whose people pair with a code. relay:PAIR5 */
const PAIRED = ['telegram', 'discord', 'slack']
/** States in which nobody could send a code to the bot. */
const HOPELESS = ['not_configured', 'auth_failed', 'disabled']

/** One channel: how it is, what to do about it, its settings, and the way to remove it. `path` is where the relay takes changes. */
export function channelCard(channel: ChannelConfig, path: string): Html {
  const { id, type, enabled, status } = channel
  const title = titleOf(channel)
  return html`<li class="card" data-key="${id}">
  <div class="card-head">
    ${channelMark(type, 'large')}
    <div class="grow stack">
      <h2 class="words" dir="auto">${title}</h2>
      <p>${stateTag(status.state)}</p>
    </div>
    <label class="switch"><input type="checkbox" role="switch" name="enabled" data-instant="${path}" ${enabled && html`checked`}><span class="sr">${title} is on</span></label>
  </div>
  <p class="small muted card-line">${channelTypeName(type)}, ${status.lastInboundAt === undefined ? 'nothing arrived yet' : html`last message ${moment(status.lastInboundAt)}`}</p>
  ${trouble(channel)}
  ${PAIRED.includes(type) && !HOPELESS.includes(status.state) && pairing(channel, path)}
  ${type === 'email' && channel.metadata.verified === false && verification(channel, path)}
  <details class="more" data-key="settings-${id}"><summary>Settings</summary>${settingsForm(channel, path)}</details>
  <details class="more" data-key="remove-${id}"><summary class="bad">Remove</summary>
    <form class="stack more-form" data-call="DELETE" action="${path}" data-said="${title} was removed.">
      <p>Its address or bot stops working, and replies that wait for it fail. Messages stay in the extension.</p>
      <button class="btn btn-danger" type="submit">Remove ${title}</button>
    </form>
  </details>
</li>`
}

function trouble({ status: { state, detail } }: ChannelConfig): Html | false {
  const tone = toneOf(state)
  if (detail === undefined || tone === 'ok' || tone === 'plain') return false
  return html`<p class="banner banner-${tone} card-banner">${icon('alert')}<span>${detail}</span></p>`
}

/** The code itself is written into the result by device.js and stays until the page is left. */
function pairing({ id, metadata: { botUsername } }: ChannelConfig, path: string): Html {
  const bot = typeof botUsername === 'string' ? html`<strong>@${botUsername}</strong>` : html`the bot`
  return html`<form class="card-line" data-key="pairing-${id}" data-call="POST" data-result="code" action="${path}/pairing">
    <button class="btn btn-sm" type="submit">${icon('key')}New pairing code</button>
    <div class="code-slot" data-keep aria-live="polite"></div>
    <template><p class="small">Send this to ${bot} in a private chat, before <time></time>:</p><p class="code-line"><output class="digits"></output><button class="btn btn-sm" type="button" data-copy>Copy</button></p></template>
  </form>`
}

function verification({ id, metadata: { userEmail } }: ChannelConfig, path: string): Html {
  const address = typeof userEmail === 'string' ? userEmail : 'your address'
  return html`<form class="card-line" data-key="verification-${id}" data-call="POST" action="${path}/verification" data-said="The link was sent again.">
    <button class="btn btn-sm" type="submit">${icon('email')}Send the link again</button>
    <p class="caption faint">To ${address}. Older links stop working.</p>
  </form>`
}
