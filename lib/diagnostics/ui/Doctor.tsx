import { useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import { checkNames } from '../model.ts'
import { CheckList } from './CheckList.tsx'
import { type Examination, verdictWords } from './examination.ts'
import type { FixActions } from './fixes.ts'
import { Hops } from './Hops.tsx'

type Props = { examination: Examination; actions: FixActions }

/** Where messages stop, and every check one by one. client:DOC1-DOC3 */
export function Doctor({ examination: { findings, running, again }, actions }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const complete = findings.length === checkNames.length
  const fixed = (): void => {
    // The button that was pressed may be gone in a moment.
    heading.current?.focus({ preventScroll: true })
    again()
  }
  return (
    <>
      <Hops findings={findings} complete={complete} actions={actions} fixed={fixed} />
      <section class="section" aria-labelledby="checks" aria-busy={running}>
        <div class="section-head">
          <h2 id="checks" tabIndex={-1} ref={heading}>
            {i18n.t('doctor.all')}
          </h2>
          <span class="muted num verdict">{complete && !running ? verdictWords(findings) : i18n.t('doctor.checking')}</span>
        </div>
        <CheckList findings={findings} actions={actions} fixed={fixed} />
        <p class="small muted">{i18n.t('doctor.reportNote')}</p>
      </section>
    </>
  )
}
