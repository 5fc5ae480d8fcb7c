import { useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { moment } from '../../ui/moment.ts'
import { checkNames, isIssue } from '../model.ts'
import { CheckList } from './CheckList.tsx'
import { type Examination, verdictWords } from './examination.ts'
import type { FixActions } from './fixes.ts'
import { Hops } from './Hops.tsx'

type Props = {
  examination: Examination
  actions: FixActions
  /** What goes to others when it is copied. */
  report: () => string
}

/** Where messages stop, and every check one by one. client:DOC1-DOC3 */
export function Doctor({ examination: { findings, running, fineAt, again }, actions, report }: Props) {
  const [narrowed, setNarrowed] = useState(false)
  const issues = findings.filter(isIssue)
  const shown = narrowed && issues.length > 0 ? issues : findings
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
          {complete && issues.length > 0 && (
            <fieldset class="check-filter">
              <legend class="sr">{i18n.t('doctor.show')}</legend>
              <button type="button" class="chip" aria-pressed={!narrowed} onClick={() => setNarrowed(false)}>
                {i18n.t('doctor.everything')}
              </button>
              <button type="button" class="chip" aria-pressed={narrowed} onClick={() => setNarrowed(true)}>
                {i18n.t('doctor.onlyIssues')} <span class="num">{issues.length}</span>
              </button>
            </fieldset>
          )}
        </div>
        {complete && !running && issues.length > 0 && fineAt !== undefined && (
          <p class="small muted">{i18n.t('doctor.fineAt', { time: moment(fineAt, Date.now()) })}</p>
        )}
        <CheckList findings={shown} whole={shown === findings} actions={actions} fixed={fixed} />
        <details class="report-text">
          <summary>{i18n.t('doctor.seeReport')}</summary>
          <pre class="mono small" dir="ltr">
            {complete ? report() : i18n.t('doctor.checking')}
          </pre>
        </details>
        <p class="small muted">{i18n.t('doctor.reportNote')}</p>
      </section>
    </>
  )
}
