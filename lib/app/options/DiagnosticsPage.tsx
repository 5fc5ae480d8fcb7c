import { LoaderCircle, RotateCw } from 'lucide-preact'
import { useMemo } from 'preact/hooks'
import { browser } from 'wxt/browser'
import { i18n } from '#i18n'
import { writeReport } from '../../diagnostics/report.ts'
import { CopyReport } from '../../diagnostics/ui/CopyReport.tsx'
import { Doctor } from '../../diagnostics/ui/Doctor.tsx'
import { useExamination } from '../../diagnostics/ui/examination.ts'
import { ResetSection } from '../../diagnostics/ui/ResetSection.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { moment } from '../../ui/moment.ts'
import { createFixActions, createResetActions } from './doctorFixes.ts'
import { createDoctorHost } from './doctorHost.ts'
import { PageHead } from './PageHead.tsx'

type Props = {
  profileId: string
  /** `undefined` where what is stored cannot be read. */
  profileName: string | undefined
}

/** Where messages stop, what helps, and what is left when nothing does. Needs nothing that is stored. client:DOC1-DOC3, RST1, RST2 */
export function DiagnosticsPage({ profileId, profileName }: Props) {
  const host = useMemo(() => createDoctorHost(profileId), [profileId])
  const fixes = useMemo(() => createFixActions(profileId), [profileId])
  const resets = useMemo(
    () => createResetActions(profileName === undefined ? undefined : profileId),
    [profileId, profileName === undefined],
  )
  const examination = useExamination(host, profileId)
  const { findings, running, at, again } = examination
  const report = (): string => writeReport({ ...versions(), at: at ?? Date.now() }, findings)
  return (
    <>
      <PageHead
        title={i18n.t('options.diagnostics')}
        actions={
          <>
            <CopyReport text={report} ready={at !== undefined} />
            <Button kind="primary" disabled={running} onClick={again}>
              <Icon of={running ? LoaderCircle : RotateCw} spin={running} />
              {i18n.t(running ? 'doctor.checking' : 'doctor.again')}
            </Button>
          </>
        }
      >
        {at === undefined || profileName === undefined
          ? i18n.t('doctor.intro')
          : i18n.t('doctor.checked', { time: moment(at, at), name: profileName })}
      </PageHead>
      <Doctor examination={examination} actions={fixes} report={report} />
      <ResetSection actions={resets} />
    </>
  )
}

function versions(): { extension: string; browser: string } {
  const [engine = 'unknown'] = /Chrom\w+\/\d+/.exec(navigator.userAgent) ?? []
  return { extension: browser.runtime.getManifest().version, browser: `${engine} on ${navigator.platform}` }
}
