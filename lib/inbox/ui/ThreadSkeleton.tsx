import { i18n } from '#i18n'
import { useDelayed } from '../../ui/delayed.ts'

const SHAPES = ['62%', '48%', '70%', '40%'] as const

/** Where bubbles will be, if reading them takes longer than 150 ms. */
export function ThreadSkeleton() {
  const late = useDelayed(true)
  return (
    <div class="scroll thread thread-wait" aria-busy="true">
      {late && (
        <span class="sr" role="status">
          {i18n.t('app.loading')}
        </span>
      )}
      {late &&
        SHAPES.map((inlineSize, index) => (
          <span key={inlineSize} class={index % 2 ? 'skeleton bubble-wait own' : 'skeleton bubble-wait'} style={{ inlineSize }} />
        ))}
    </div>
  )
}
