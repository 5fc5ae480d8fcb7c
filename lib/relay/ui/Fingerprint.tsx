/** How many groups of four make the 8 characters a person compares and types. client:PIN5 */
const COMPARED_GROUPS = 2

/** A fingerprint in groups of four, never shortened. client:PIN6 */
export function Fingerprint({ value, changed }: { value: string; changed?: boolean }) {
  return (
    <div class={changed ? 'fp changed' : 'fp'} dir="ltr">
      {value.split(' ').map((group, index) => (
        <span key={index} class={index < COMPARED_GROUPS ? 'key8' : ''}>
          {group}
        </span>
      ))}
    </div>
  )
}
