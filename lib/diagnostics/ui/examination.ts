import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { examine } from '../doctor.ts'
import type { DoctorHost } from '../host.ts'
import { checkNames, type Finding, isIssue } from '../model.ts'

/** Where the last time without an issue is kept, by profile. */
const FINE = 'doctor-fine'
/** Findings older than this are made again when the reader or the network comes back. */
const STALE_MS = 15_000

export type Examination = {
  /** In their order; of a check that is being made again, what it found before. */
  findings: readonly Finding[]
  running: boolean
  /** When the last one ended, epoch ms. */
  at: number | undefined
  /** When everything was in order the last time, as far as this browser looked. Epoch ms. */
  fineAt: number | undefined
  again: () => void
}

/** Looks at once, again when asked, and again when the reader comes back to findings that are old. client:DOC1 */
export function useExamination(host: DoctorHost, profileId: string): Examination {
  const fineKey = `${FINE}:${profileId}`
  const announce = useAnnounce()
  const [found, setFound] = useState<ReadonlyMap<string, Finding>>(new Map())
  const [running, setRunning] = useState(true)
  const [at, setAt] = useState<number>()
  const [fineAt, setFineAt] = useState(() => Number(localStorage.getItem(fineKey)) || undefined)
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
      const now = host.network.timers.now()
      setAt(now)
      if (!all.some(isIssue)) {
        localStorage.setItem(fineKey, String(now))
        setFineAt(now)
      }
      announce(verdictWords(all))
    })
  }, [host])

  useEffect(() => {
    again()
    return () => {
      round.current++
    }
  }, [again])

  // What was mended elsewhere meanwhile shows when one comes back.
  const ended = useRef<number>(undefined)
  ended.current = running ? undefined : at
  useEffect(() => {
    const back = (): void => {
      if (document.visibilityState !== 'visible' || ended.current === undefined) return
      if (host.network.timers.now() - ended.current > STALE_MS) again()
    }
    document.addEventListener('visibilitychange', back)
    addEventListener('online', back)
    return () => {
      document.removeEventListener('visibilitychange', back)
      removeEventListener('online', back)
    }
  }, [host, again])

  const findings = checkNames.flatMap((name) => found.get(name) ?? [])
  return { findings, running, at, fineAt, again }
}

/** client:DOC3 */
export function verdictWords(findings: readonly Finding[]): string {
  const issues = findings.filter(isIssue).length
  return issues === 0 ? i18n.t('doctor.allPassed') : i18n.t('doctor.issues', issues)
}
