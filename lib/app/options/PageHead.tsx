import type { ComponentChildren } from 'preact'

/** Title and one sentence. The heading takes the focus when the page is entered. */
export function PageHead({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <header class="page-head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        <p>{children}</p>
      </div>
    </header>
  )
}
