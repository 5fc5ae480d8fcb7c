import type { ChannelConfig } from '#protocol/channel.ts'
import { MAX_CHANNEL_NAME } from '#protocol/limits.ts'
import type { Metadata } from '#protocol/message.ts'
import { type Html, html } from '../pages/html.ts'
import { titleOf } from './title.ts'

/** What PATCH /channels/:id takes, as far as this kind of channel has it. `data-as` says what device.js makes of a field. relay:CH8 */
export function settingsForm(channel: ChannelConfig, path: string): Html {
  const { id, type, name = '', agentId, prompt = '', runInBackground = false, notifyOnComplete = false, metadata } = channel
  const field = fieldsOf(id)
  const chat = type === 'telegram' || type === 'discord' || type === 'slack'
  return html`<form class="stack more-form" data-call="PATCH" action="${path}" data-said="${titleOf(channel)} was saved.">
  ${field.line('name', 'Name', name, MAX_CHANNEL_NAME)}
  ${field.line('agentId', 'Agent', agentId)}
  ${field.text('prompt', 'Prompt', prompt)}
  ${chat && field.list('allowedUsers', 'Allowed users', listOf(metadata, 'allowedUsers'), 'One id per line, as the platform names them.')}
  ${type === 'email' && field.list('allowedSenders', 'Allowed senders', listOf(metadata, 'allowedSenders'), 'One address, @domain or * per line. Empty: only you.')}
  ${(type === 'discord' || type === 'slack') && field.flag('mentionOnly', 'Only when mentioned', metadata.mentionOnly === true)}
  ${field.flag('runInBackground', 'Work in background', runInBackground)}
  ${field.flag('notifyOnComplete', 'Notify when done', notifyOnComplete)}
  <button class="btn btn-primary" type="submit">Save</button>
</form>`
}

function listOf(metadata: Metadata, name: string): string[] {
  const values = metadata[name]
  return Array.isArray(values) ? values.map(String) : []
}

function fieldsOf(id: string) {
  const label = (name: string, words: string) => html`<label class="label" for="${name}-${id}">${words}</label>`
  return {
    line: (name: string, words: string, value: string, max = 200) => html`<div>${label(name, words)}
    <div class="field"><input id="${name}-${id}" name="${name}" data-as="text" value="${value}" maxlength="${max}" autocomplete="off" dir="auto"></div></div>`,
    text: (name: string, words: string, value: string) => html`<div>${label(name, words)}
    <div class="field"><textarea id="${name}-${id}" name="${name}" data-as="text" rows="3" dir="auto">
${value}</textarea></div></div>`,
    list: (name: string, words: string, values: string[], hint: string) => html`<div>${label(name, words)}
    <div class="field"><textarea id="${name}-${id}" name="${name}" data-as="list" rows="3" spellcheck="false" autocapitalize="off" aria-describedby="${name}-hint-${id}">
${values.join('\n')}</textarea></div>
    <p class="caption faint" id="${name}-hint-${id}">${hint}</p></div>`,
    flag: (name: string, words: string, on: boolean) =>
      html`<label class="switch"><input type="checkbox" role="switch" name="${name}" data-as="flag" ${on && html`checked`}>${words}</label>`,
  }
}
