import { useEffect, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { Button } from '../../ui/Button.tsx'
import { useKeys } from '../../ui/focus.ts'
import { Switch } from '../../ui/Switch.tsx'

const KEYS = [
  ['/', 'search'],
  ['J K', 'move'],
  ['Enter', 'open'],
  ['R', 'reply'],
  ['Esc', 'back'],
  ['Enter', 'send'],
  ['Shift Enter', 'breakLine'],
  ['?', 'list'],
] as const

/** `?` lists the keys, and single letters can be switched off there. */
export function KeyList({ on, change }: { on: boolean; change: (on: boolean) => Promise<void> }) {
  const [open, setOpen] = useState(false)
  useKeys({ '?': () => setOpen(true) }, !open)
  return open ? <Dialog on={on} change={change} close={() => setOpen(false)} /> : null
}

function Dialog({ on, change, close }: { on: boolean; change: (on: boolean) => Promise<void>; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const closing = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    closing.current?.focus()
    return () => element?.close()
  }, [])
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="keys-title" onClose={close}>
      <h2 id="keys-title">{i18n.t('popup.keys.title')}</h2>
      <dl class="keys">
        {KEYS.map(([keys, name]) => (
          <div key={name}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd class="kbd" key={key}>
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{i18n.t(`popup.keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
      <Switch on={on} onChange={(wanted) => void change(wanted)}>
        {i18n.t('popup.keys.letters')}
      </Switch>
      <div class="dialog-actions">
        <Button ref={closing} onClick={close}>
          {i18n.t('app.close')}
        </Button>
      </div>
    </dialog>
  )
}
