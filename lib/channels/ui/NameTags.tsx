import { Plus, X } from 'lucide-preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Failure } from '../../messaging/failure.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { cleanPaste } from '../pasteGuess.ts'

type Props = {
  names: readonly string[]
  /** Shown when there is nobody. */
  empty: string
  /** What the tags are together: "Allowed users". */
  list: string
  /** Name and placeholder of the input. */
  field: string
  failure: Failure | undefined
  onChange: (names: string[]) => Promise<boolean>
}

/** Who may write, as tags that can be taken away and added to. */
export function NameTags({ names, empty, list, field, failure, onChange }: Props) {
  const [draft, setDraft] = useState<string>()
  const input = useRef<HTMLInputElement>(null)
  const addButton = useRef<HTMLButtonElement>(null)
  const adding = draft !== undefined
  useEffect(() => {
    if (adding) input.current?.focus()
  }, [adding])

  const stop = (): void => {
    setDraft(undefined)
    setTimeout(() => addButton.current?.focus())
  }
  const add = async (): Promise<void> => {
    const name = cleanPaste(draft ?? '')
    if (name === '' || names.includes(name)) return stop()
    if (await onChange([...names, name])) stop()
  }
  return (
    <>
      {names.length === 0 && <span class="faint">{empty}</span>}
      {names.map((name) => (
        <span class="tag tag-edit" key={name}>
          <span class="truncate">{name}</span>
          <button
            type="button"
            class="tag-x"
            aria-label={i18n.t('options.remove', { thing: name })}
            onClick={() => {
              addButton.current?.focus()
              void onChange(names.filter((other) => other !== name))
            }}
          >
            <Icon of={X} />
          </button>
        </span>
      ))}
      {adding ? (
        <form
          class="row-line"
          onSubmit={(event) => {
            event.preventDefault()
            void add()
          }}
        >
          <span class="field field-sm">
            <input
              ref={input}
              value={draft}
              maxLength={200}
              aria-label={field}
              placeholder={field}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => setDraft(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Escape') stop()
              }}
            />
          </span>
          <Button small type="submit">
            {i18n.t('options.add')}
          </Button>
        </form>
      ) : (
        <button
          ref={addButton}
          type="button"
          class="btn btn-sm btn-quiet"
          aria-label={i18n.t('channels.addTo', { list })}
          onClick={() => setDraft('')}
        >
          <Icon of={Plus} />
          {i18n.t('options.add')}
        </button>
      )}
      <FailureNote failure={failure} lead={(reason) => i18n.t('channels.notSaved', { reason })} />
    </>
  )
}
