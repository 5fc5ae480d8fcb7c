/** An open ring is the relay, the dot in its gap a message on its way. Its colours are the same in both themes. */
export function Logo({ class: extra }: { class?: string }) {
  return (
    <svg class={extra ?? ''} viewBox="0 0 128 128" aria-hidden="true" focusable="false">
      <rect width="128" height="128" rx="30" fill="#0b666c" />
      <path d="M88 72A32 32 0 1 1 56 40" fill="none" stroke="#fff" stroke-width="16" stroke-linecap="round" />
      <circle cx="96" cy="32" r="16" fill="#7fe3d4" />
    </svg>
  )
}
