import { useId } from 'preact/hooks'

type Props = {
  label: string
  value: string
  onType: (value: string) => void
  /** An address, which reads from left to right in every language. */
  address?: boolean
}

/** The field that takes the name of what is about to be deleted. client:PRF5, ACC4 */
export function TypedName({ label, value, onType, address = false }: Props) {
  const id = useId()
  return (
    <>
      <label class="label" for={id}>
        {label}
      </label>
      <div class="field">
        <input
          id={id}
          {...(address && { class: 'mono', dir: 'ltr' as const })}
          value={value}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          onInput={(event) => onType(event.currentTarget.value)}
        />
      </div>
    </>
  )
}
