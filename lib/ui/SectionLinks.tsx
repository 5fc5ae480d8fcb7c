import { i18n } from '#i18n'

/** A part of a long page: the id of its heading, and what that says. */
export type SectionLink = readonly [id: string, title: string]

/** The way to each part of a page that is longer than a window. The heading takes the keyboard. */
export function SectionLinks({ sections }: { sections: readonly SectionLink[] }) {
  return (
    <nav class="section-links" aria-label={i18n.t('options.onThisPage')}>
      {sections.map(([id, title]) => (
        <button key={id} type="button" class="chip" onClick={() => goTo(id)}>
          {title}
        </button>
      ))}
    </nav>
  )
}

function goTo(id: string): void {
  const heading = document.getElementById(id)
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  heading.scrollIntoView({ block: 'start' })
}
