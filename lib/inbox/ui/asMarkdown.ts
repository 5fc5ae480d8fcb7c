import { i18n } from '#i18n'
import type { Database } from '../../database/open.ts'
import { channelName } from '../../ui/channelName.ts'
import { plainTime } from '../../ui/time.ts'
import { isEdit, newestOf } from '../edits.ts'
import type { Conversation } from '../model.ts'
import { readThread, type ThreadItem } from '../thread.ts'

/** More than this is no longer read by anybody, and would hold up the page. */
const MOST_ITEMS = 2_000

/** Who wrote it, when, the words as they stand, and the names of its files. client:MDN1 */
export function itemMarkdown(item: ThreadItem): string {
  const { who, at, words, files, note } = partsOf(item)
  const names = files.map((name) => literal(name)).join(', ')
  const said = [words.trim(), names && i18n.t('copying.files', { names })].filter(Boolean).join('\n\n')
  const head = `**${literal(who)}**, ${plainTime(at)}${note && ` (${note})`}`
  return said === '' ? head : `${head}\n\n${quoted(said)}`
}

/** All that is kept of a conversation, the oldest first; of a very long one the newest. client:MDN2 */
export async function conversationMarkdown(db: Database, { profileId, id, title, channelType }: Conversation): Promise<string> {
  const { items, more } = await readThread(db, profileId, id, { limit: MOST_ITEMS })
  const heading = `# ${literal(title)} (${channelName(channelType)})`
  return [heading, ...(more ? [`*${i18n.t('copying.earlier')}*`] : []), ...items.map(itemMarkdown)].join('\n\n')
}

function partsOf(item: ThreadItem) {
  if (item.kind === 'message') {
    const { from: who, at } = item.message
    const { content: words, attachments } = newestOf(item.message, item.edits)
    const note = item.edits || isEdit(item.message) ? i18n.t('edits.edited') : ''
    return { who, at, words, files: namesOf(attachments.filter(({ role }) => role !== 'html')), note }
  }
  const { createdAt: at, content: words, attachments, state, elsewhere } = item.reply
  return {
    who: i18n.t(elsewhere === 'agent' ? 'thread.agent' : 'copying.me'),
    at,
    words,
    files: namesOf(attachments),
    note: state === 'failed' ? i18n.t('copying.notSent') : '',
  }
}

const namesOf = (files: readonly { filename: string }[]): string[] => files.map(({ filename }) => filename)

/** Inside a quote nothing that is left open, such as a code block, reaches the next message. */
function quoted(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n')
}

/** A name says what it says, whatever its signs mean in Markdown. */
function literal(name: string): string {
  return name.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~!&]/g, '\\$&')
}
