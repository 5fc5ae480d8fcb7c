import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { fullTime, shortTime } from '../../ui/time.ts'
import type { InboxMessage } from '../model.ts'
import { Content } from './Content.tsx'

/** What a message said before it was edited, each with its time. client:EDT2 */
export function Earlier({ id, versions }: { id: string; versions: readonly InboxMessage[] }) {
  return (
    <ol id={id} class="earlier" aria-label={i18n.t('edits.earlier')}>
      {versions.map((version) => (
        <li key={version.id}>
          <time class="caption faint" dateTime={new Date(version.at).toISOString()} title={fullTime(version.at)}>
            {shortTime(version.at)}
          </time>
          <Version text={version.content} />
        </li>
      ))}
    </ol>
  )
}

function Version({ text }: { text: string }) {
  const [open, setOpen] = useState(false)
  return text.trim() === '' ? (
    <p class="faint">{i18n.t('inbox.noText')}</p>
  ) : (
    <Content text={text} open={open} onToggle={() => setOpen(!open)} />
  )
}
