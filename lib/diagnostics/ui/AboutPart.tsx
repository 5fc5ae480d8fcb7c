import type { ComponentChildren } from 'preact'

type Props = { id: string; title: string; children: ComponentChildren; foot?: ComponentChildren }

/** One card of the About page, with its heading. */
export function AboutPart({ id, title, children, foot }: Props) {
  return (
    <section class="section" aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>{title}</h2>
      </div>
      <div class="card">
        <div class="card-pad stack about-part">{children}</div>
        {foot}
      </div>
    </section>
  )
}
