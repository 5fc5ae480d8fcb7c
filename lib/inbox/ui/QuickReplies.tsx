import { i18n } from '#i18n'
import { plainWords } from '../plainWords.ts'
import type { useQuickReplies } from './useQuickReplies.ts'
import './quickReplies.css'

const PREVIEW_CHARACTERS = 160

type Props = { replies: ReturnType<typeof useQuickReplies>; onEdit: () => void }

/** The own texts, above the reply box; the keyboard stays in the box. client:QRP2 */
export function QuickReplies({ replies: { open, found, list }, onEdit }: Props) {
  if (!open) return null
  return (
    <div class="quick">
      {found.length === 0 ? (
        <p class="small muted quick-none">{i18n.t('quick.none')}</p>
      ) : (
        <ul class="quick-list" aria-label={i18n.t('quick.title')} {...list.list}>
          {found.map(({ name, text }, index) => (
            <li key={index} class="quick-row" {...list.option(index)}>
              {name !== '' && <b class="truncate">{name}</b>}
              <span class="quick-words">{plainWords(text, PREVIEW_CHARACTERS)}</span>
            </li>
          ))}
        </ul>
      )}
      <button type="button" class="link-btn quick-edit" onClick={onEdit}>
        {i18n.t(found.length === 0 ? 'quick.first' : 'quick.edit')}
      </button>
    </div>
  )
}
