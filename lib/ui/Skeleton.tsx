import { i18n } from '#i18n'
import { useDelayed } from './delayed.ts'

const WIDTHS = [
  ['38%', '70%'],
  ['45%', '55%'],
  ['52%', '64%'],
  ['34%', '60%'],
  ['48%', '72%'],
  ['40%', '58%'],
] as const

type Props = {
  rows?: number
  /** With room for search and filters above, where they come with the rows. */
  toolbar?: boolean
}

/** Rows of the real height while the first read takes longer than 150 ms. */
export function SkeletonRows({ rows = WIDTHS.length, toolbar }: Props) {
  if (!useDelayed(true)) return null
  return (
    <div aria-busy="true">
      <span class="sr" role="status">
        {i18n.t('app.loading')}
      </span>
      {toolbar && (
        <div class="toolbar" aria-hidden="true">
          <span class="skeleton search-wait" />
        </div>
      )}
      {WIDTHS.slice(0, rows).map(([name, preview]) => (
        <div class="row" key={name} aria-hidden="true">
          <span class="skeleton skeleton-avatar" />
          <span class="stack grow skeleton-lines">
            <span class="skeleton" style={{ inlineSize: name }} />
            <span class="skeleton" style={{ inlineSize: preview }} />
          </span>
        </div>
      ))}
    </div>
  )
}
