import { useId } from 'preact/hooks'
import { Switch } from './Switch.tsx'

type SwitchRowProps = { title: string; help: string; on: boolean; disabled?: boolean; onChange: (on: boolean) => void }

/** A setting that is on or off, with a sentence on what that means. */
export function SwitchRow({ title, help, on, disabled, onChange }: SwitchRowProps) {
  const id = useId()
  return (
    <div class="setting-row">
      <div class="grow">
        <label class={disabled ? 'faint' : ''} for={`${id}-on`}>
          {title}
        </label>
        <p class="small muted" id={`${id}-help`}>
          {help}
        </p>
      </div>
      <Switch id={`${id}-on`} on={on} disabled={disabled ?? false} onChange={onChange} describedBy={`${id}-help`} />
    </div>
  )
}

type ChoiceProps<T extends string | number> = {
  title: string
  help?: string
  value: T
  options: readonly (readonly [value: T, label: string])[]
  onChange: (value: T) => void
}

/** One of a few, all in sight. */
export function Choice<T extends string | number>({ title, help, value, options, onChange }: ChoiceProps<T>) {
  const id = useId()
  return (
    <fieldset class="setting-row choice">
      <legend>
        {title}
        {help && <span class="small muted choice-help">{help}</span>}
      </legend>
      <div class="choices">
        {options.map(([option, label]) => (
          <label key={option} class="chip chip-choice">
            <input type="radio" name={id} checked={option === value} onChange={() => onChange(option)} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
