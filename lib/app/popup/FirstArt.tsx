/** Channels flow through the relay into the browser. */
export function FirstArt() {
  return (
    <svg class="first-art" viewBox="0 0 336 96" aria-hidden="true" focusable="false">
      <g class="first-lines">
        <path d="M40 18C84 18 98 46 138 47" />
        <path d="M24 48H138" />
        <path d="M40 78c44 0 58-28 98-29" />
        <path d="M200 48h96" />
      </g>
      <g transform="translate(136 16) scale(.5)">
        <rect class="art-tile" width="128" height="128" rx="30" />
        <path class="art-ring" d="M88 72A32 32 0 1 1 56 40" />
        <circle class="art-dot" cx="96" cy="32" r="16" />
      </g>
      <circle class="art-telegram" cx="40" cy="18" r="7" />
      <circle class="art-email" cx="24" cy="48" r="7" />
      <circle class="art-discord" cx="40" cy="78" r="7" />
      <rect class="art-box" x="288" y="34" width="36" height="28" rx="8" />
      <path class="art-check" d="m298 49 5 5 11-12" />
    </svg>
  )
}
