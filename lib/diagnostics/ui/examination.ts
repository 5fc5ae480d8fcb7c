import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { examine } from '../doctor.ts'
import type { DoctorHost } from '../host.ts'
import { checkNames, type Finding, isIssue } from '../model.ts'

export type Examination = {
  /** In their order; of a check that is being made again, what it found before. */
  findings: readonly Finding[]
  running: boolean
  /** When the last one ended, epoch ms. */
  at: number | undefined
  again: () => void
}

/** Looks at once, and again when asked. client:DOC1 */
export function useExamination(host: DoctorHost): Examination {
  const announce = useAnnounce()
  const [found, setFound] = useState<ReadonlyMap<string, Finding>>(new Map())
  const [running, setRunning] = useState(true)
  const [at, setAt] = useState<number>()
  const round = useRef(0)

  const again = useCallback((): void => {
    round.current++
    const mine = round.current
    const all: Finding[] = []
    setRunning(true)
    void examine(host, (finding) => {
      if (round.current !== mine) return
      all.push(finding)
      setFound((before) => new Map(before).set(finding.check, finding))
    }).then(() => {
      if (round.current !== mine) return
      setRunning(false)
      setAt(host.network.timers.now())
      announce(verdictWords(all))
    })
  }, [host])

  useEffect(() => {
    again()
    return () => {
      round.current++
    }
  }, [again])

  const findings = checkNames.flatMap((name) => found.get(name) ?? [])
  return { findings, running, at, again }
}

/** client:DOC3 */
export function verdictWords(findings: readonly Finding[]): string {
  const issues = findings.filter(isIssue).length
  return issues === 0 ? i18n.t('doctor.allPassed') : i18n.t('doctor.issues', issues)
}
