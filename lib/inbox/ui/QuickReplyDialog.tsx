import { X } from 'lucide-preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { useModal } from '../../ui/modal.ts'
import { plainWords } from '../plainWords.ts'
import { MOST_QUICK_REPLIES, type QuickReply } from '../quickReplies.ts'
import { useHost } from './host.ts'
import { QuickReplyForm } from './QuickReplyForm.tsx'

const PREVIEW_CHARACTERS = 160

/** The own texts of this profile: written, changed and removed. client:QRP1 */
export function QuickReplyDialog({ onClose }: { onClose: () => void }) {
  const { settings, changeSettings } = useHost()
  const all = settings?.quickReplies ?? []
  /** Its place; one past the end is a new one. */
  const [editing, setEditing] = useState<number | undefined>(all.length === 0 ? 0 : undefined)
  const modal = useModal(onClose)
  const id = useId()
  const store = useAction((quickReplies: QuickReply[]) => changeSettings({ quickReplies }))
  const create = useRef<HTMLButtonElement>(null)
  // Also after one was written or removed: what had the focus is gone.
  useEffect(() => create.current?.focus(), [editing])
  const remove = async (reply: QuickReply): Promise<void> => {
    if (await store.run(all.filter((one) => one !== reply))) create.current?.focus()
  }
  const save = async (place: number, changed: QuickReply): Promise<void> => {
    if (await store.run([...all.slice(0, place), changed, ...all.slice(place + 1)])) setEditing(undefined)
  }
  return (
    <dialog {...modal} class="dialog quick-dialog" aria-labelledby={`${id}-title`}>
      <div class="row-line">
        <h2 id={`${id}-title`} class="grow">
          {i18n.t('quick.title')}
        </h2>
        <IconButton icon={X} label={i18n.t('app.close')} onClick={onClose} />
      </div>
      <p class="small muted">{i18n.t('quick.about')}</p>
      {editing === undefined ? (
        <>
          {all.length === 0 && <p class="small muted quick-none">{i18n.t('quick.none')}</p>}
          <ul class="quick-all">
            {all.map((reply, place) => {
              const title = reply.name || plainWords(reply.text, PREVIEW_CHARACTERS)
              return (
                <li key={place} class="quick-one">
                  {reply.name !== '' && <b class="truncate">{reply.name}</b>}
                  <span class="quick-words">{plainWords(reply.text, PREVIEW_CHARACTERS)}</span>
                  <span class="quick-line small">
                    <button
                      type="button"
                      class="link-btn"
                      aria-label={i18n.t('quick.changeOne', { name: title })}
                      onClick={() => setEditing(place)}
                    >
                      {i18n.t('quick.change')}
                    </button>
                    <button
                      type="button"
                      class="link-btn"
                      aria-label={i18n.t('quick.removeOne', { name: title })}
                      disabled={store.busy}
                      onClick={() => void remove(reply)}
                    >
                      {i18n.t('quick.remove')}
                    </button>
                  </span>
                </li>
              )
            })}
          </ul>
          <FailureNote failure={store.failure} />
          <div class="dialog-actions">
            <Button ref={create} kind="primary" disabled={all.length >= MOST_QUICK_REPLIES} onClick={() => setEditing(all.length)}>
              {i18n.t('quick.new')}
            </Button>
          </div>
        </>
      ) : (
        <QuickReplyForm
          before={all[editing]}
          busy={store.busy}
          failure={store.failure}
          onSave={(changed) => void save(editing, changed)}
          onCancel={() => (all.length === 0 ? onClose() : setEditing(undefined))}
        />
      )}
    </dialog>
  )
}
