import type { ComponentChildren } from 'preact'

type Props = { title: string; children: ComponentChildren; actions?: ComponentChildren }

/** Title and one sentence, with what can be done about the whole page. The heading takes the focus when the page is entered. */
export function PageHead({ title, children, actions }: Props) {
  return (
    <header class="page-head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        <p>{children}</p>
      </div>
      {actions && <div class="actions">{actions}</div>}
    </header>
  )
}
