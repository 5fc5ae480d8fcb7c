import { useEffect, useRef } from 'preact/hooks'
import { browser } from 'wxt/browser'
import { i18n } from '#i18n'
import { Button } from '../../ui/Button.tsx'
import { useModal } from '../../ui/modal.ts'
import { Switch } from '../../ui/Switch.tsx'
import { COMMANDS, KEY_GROUPS, type KeyGroup } from './groups.ts'
import { useBound } from './useBound.ts'
import './cheatSheet.css'

type Props = {
  groups: readonly KeyGroup[]
  letters: boolean
  setLetters: (on: boolean) => Promise<unknown>
  close: () => void
}

/** All keys of this page and of the whole browser, and the switch of the single letters. client:KEY1, KEY2 */
export function CheatSheet({ groups, letters, setLetters, close }: Props) {
  const modal = useModal(close)
  const closing = useRef<HTMLButtonElement>(null)
  useEffect(() => closing.current?.focus(), [])
  return (
    <dialog {...modal} class="dialog keys-dialog" aria-labelledby="keys-title">
      <h2 id="keys-title">{i18n.t('keys.title')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section class="keys-groups" aria-labelledby="keys-title" tabIndex={0}>
        {[...groups, 'everywhere' as const].map((group) => (
          <section key={group} aria-labelledby={`keys-${group}`}>
            <h3 id={`keys-${group}`}>{i18n.t(`keys.groups.${group}`)}</h3>
            <dl class="keys">
              {KEY_GROUPS[group].map(([keys, does]) => (
                <Line key={does} keys={keys.split(' ')} does={i18n.t(`keys.does.${does}`)} />
              ))}
            </dl>
          </section>
        ))}
        <Browserwide />
      </section>
      <Switch on={letters} onChange={(wanted) => void setLetters(wanted)}>
        {i18n.t('keys.letters')}
      </Switch>
      <div class="dialog-actions">
        <Button ref={closing} onClick={close}>
          {i18n.t('app.close')}
        </Button>
      </div>
    </dialog>
  )
}

function Browserwide() {
  const bound = useBound()
  if (!bound) return null
  return (
    <section aria-labelledby="keys-browser">
      <h3 id="keys-browser">{i18n.t('keys.groups.browser')}</h3>
      <dl class="keys">
        {COMMANDS.map(([name, does]) => (
          <Line key={name} keys={bound.get(name) ?? []} does={i18n.t(`keys.commands.${does}`)} />
        ))}
      </dl>
      {!import.meta.env.FIREFOX && (
        <Button small onClick={() => void browser.tabs.create({ url: 'chrome://extensions/shortcuts' })}>
          {i18n.t('keys.change')}
        </Button>
      )}
    </section>
  )
}

function Line({ keys, does }: { keys: readonly string[]; does: string }) {
  return (
    <div>
      <dt>
        {keys.length === 0 && <span class="caption faint">{i18n.t('keys.none')}</span>}
        {keys.map((key) => (
          <kbd class="kbd" key={key}>
            {key === 'Mod' ? modifier() : key}
          </kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  )
}

function modifier(): string {
  return /Mac/.test(navigator.platform) ? '⌘' : 'Ctrl'
}
