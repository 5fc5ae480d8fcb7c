import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { NameField } from './NameField.tsx'

/** client:PRF1 */
export function RenameProfile({
  title,
  rename,
  done,
}: {
  title: string
  rename: (name: string) => Promise<void>
  done: () => void
}) {
  const [name, setName] = useState('')
  const run = useAction(async () => {
    await rename(name)
    done()
  })
  return (
    <form
      class="stack rename"
      onSubmit={(event) => {
        event.preventDefault()
        void run.run()
      }}
      onKeyDown={(event) => event.key === 'Escape' && done()}
    >
      <NameField label={i18n.t('profiles.newName', { name: title })} value={name} onInput={setName} focus />
      <FailureNote failure={run.failure} />
      <div class="row-line">
        <Button small type="submit" disabled={run.busy}>
          {i18n.t('profiles.rename')}
        </Button>
        <Button small kind="quiet" onClick={done}>
          {i18n.t('options.cancel')}
        </Button>
      </div>
    </form>
  )
}
