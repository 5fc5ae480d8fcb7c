import { useId } from 'preact/hooks'
import { i18n } from '#i18n'
import { Tag } from '../../ui/Tag.tsx'
import type { KeyBackup } from '../model.ts'

type Props = {
  value: KeyBackup
  onChange: (backup: KeyBackup) => void
  offered: readonly KeyBackup[]
}

/** How a key can be had back when this browser is gone. It can be chosen only when the key is made. client:IDN4, PHR4 */
export function BackupChoice({ value, onChange, offered }: Props) {
  const id = useId()
  return (
    <fieldset class="stack options-list">
      <legend class="label">{i18n.t('identity.backup.title')}</legend>
      {offered.map((backup) => (
        <label key={backup} class="option-line">
          <input
            type="radio"
            name={id}
            checked={backup === value}
            aria-describedby={`${id}-${backup}`}
            onChange={() => onChange(backup)}
          />
          <span>
            {i18n.t(`identity.backup.${backup}`)}
            {backup === 'phrase' && (
              <>
                {' '}
                <Tag kind="accent">{i18n.t('identity.recommended')}</Tag>
              </>
            )}
            <span class="small muted option-help" id={`${id}-${backup}`}>
              {i18n.t(`identity.backup.${backup}Help`)}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
