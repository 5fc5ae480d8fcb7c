import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import { renderMarkdown } from './markdown.ts'

/** Characters shown before "Show all". client:INB1 */
export const FOLD_AT = 2_000

type Props = { text: string; open: boolean; onToggle: () => void }

/** The words of a message, long ones folded. */
export function Content({ text, open, onToggle }: Props) {
  const folds = text.length > FOLD_AT
  const shown = folds && !open ? `${fold(text)}…` : text
  const box = useRef<HTMLDivElement>(null)
  const fragment = useMemo(() => renderMarkdown(shown), [shown])
  useLayoutEffect(() => {
    box.current?.replaceChildren(fragment.cloneNode(true))
  }, [fragment])
  return (
    <>
      <div class="words" ref={box} />
      {folds && (
        <button type="button" class="link-btn fold" aria-expanded={open} onClick={onToggle}>
          {open ? i18n.t('thread.showLess') : i18n.t('thread.showAllOf', { count: text.length.toLocaleString() })}
        </button>
      )}
    </>
  )
}

/** Cuts at the last gap before the limit, and never through a character. */
function fold(text: string): string {
  const cut = text.slice(0, FOLD_AT)
  const gap = Math.max(cut.lastIndexOf(' '), cut.lastIndexOf('\n'))
  return (gap > FOLD_AT / 2 ? cut.slice(0, gap) : cut).replace(/[\uD800-\uDBFF]$/, '')
}
