import type { ChannelMessage } from '#protocol/message.ts'
import { type Html, html } from '../pages/html.ts'
import { channelMark } from '../pages/icons.ts'
import { counted, moment } from '../pages/words.ts'

type Shown = Pick<ChannelMessage, 'id' | 'channelType' | 'channelId' | 'from' | 'content' | 'timestamp' | 'attachments'>

/** One message: who, when, where, and its words as plain text. */
export function messageRow({ id, channelType, channelId, from, content, timestamp, attachments = [] }: Shown, where: Html): Html {
  return html`<li class="line" data-key="${id}">
  ${channelMark(channelType)}
  <div class="grow stack line-words">
    <p class="line-title"><span class="truncate words" dir="auto">${from}</span><span class="faint caption line-end">${moment(timestamp)}</span></p>
    <p class="words text" dir="auto">${content}</p>
    <p class="caption faint">${where}<span class="mono-caption">${channelId}</span>${attachments.length > 0 && `, ${counted(attachments.length, 'file')}`}</p>
  </div>
</li>`
}
