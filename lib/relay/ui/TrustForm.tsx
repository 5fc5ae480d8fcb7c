import { CircleAlert } from 'lucide-preact'
import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { ConnectionActions } from './details.ts'
import { compareTyped, type Typed } from './trust.ts'

type Props = { offered: string; actions: Pick<ConnectionActions, 'trustNewKey' | 'keepPinnedKey'> }

/** Trusting takes reading and typing; keeping the old key takes one press, and ends the block where the relay shows it again. client:PIN5 */
export function TrustForm({ offered, actions }: Props) {
  const id = useId()
  const announce = useAnnounce()
  const [text, setText] = useState('')
  const [kept, setKept] = useState(false)
  const typed = compareTyped(text, offered)
  const trust = useAction(actions.trustNewKey)
  const keep = useAction(async () => {
    setText('')
    const isBack = await actions.keepPinnedKey()
    setKept(!isBack)
    announce(i18n.t(isBack ? 'connectionPage.blocked.back' : 'connectionPage.blocked.kept'))
  })
  return (
    <form
      class="decide"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.state === 'match') void trust.run(typed.typed)
      }}
    >
      <div class="grow">
        <label class="label" for={`${id}-eight`}>
          {i18n.t('connectionPage.blocked.type')}
        </label>
        <div class="row-line trust-line">
          <div class={typed.state === 'differs' ? 'field err eight' : 'field eight'}>
            <input
              id={`${id}-eight`}
              class="mono"
              dir="ltr"
              value={text}
              maxLength={12}
              spellcheck={false}
              autocapitalize="off"
              aria-invalid={typed.state === 'differs' ? true : undefined}
              aria-describedby={`${id}-help`}
              onInput={(event) => {
                trust.reset()
                setText(event.currentTarget.value)
              }}
            />
          </div>
          <Button type="submit" disabled={typed.state !== 'match' || trust.busy}>
            {i18n.t('connectionPage.blocked.trust')}
          </Button>
        </div>
        <div id={`${id}-help`} class="trust-help" aria-live="polite">
          <Help typed={typed} />
        </div>
        <FailureNote failure={trust.failure} />
      </div>
      <div class="stack keep">
        <Button kind="primary" disabled={keep.busy} onClick={() => void keep.run()}>
          {i18n.t('connectionPage.blocked.keep')}
        </Button>
        {kept && <span class="caption muted">{i18n.t('connectionPage.blocked.kept')}</span>}
      </div>
    </form>
  )
}

function Help({ typed }: { typed: Typed }) {
  switch (typed.state) {
    case 'differs':
      return (
        <p class="hint hint-fail">
          <Icon of={CircleAlert} />
          <span>{i18n.t('connectionPage.blocked.differs')}</span>
        </p>
      )
    case 'match':
      return <p class="caption muted">{i18n.t('connectionPage.blocked.match')}</p>
    case 'incomplete':
      return <p class="caption faint">{i18n.t('connectionPage.blocked.more', typed.missing)}</p>
  }
}
