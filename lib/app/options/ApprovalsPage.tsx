import { i18n } from '#i18n'
import { exportAudit } from '../../approvals/audit.ts'
import { readMode } from '../../approvals/mode.ts'
import { DecisionList } from '../../approvals/ui/DecisionList.tsx'
import { ModeChoice } from '../../approvals/ui/ModeChoice.tsx'
import { PendingList } from '../../approvals/ui/PendingList.tsx'
import { saveFile } from '../../inbox/ui/saveFile.ts'
import { useLive } from '../../ui/live.ts'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import type { PageContext } from '../page.ts'
import { profileTitle } from '../profileTitle.ts'
import { fileNameOf } from './fileNameOf.ts'
import { PageHead } from './PageHead.tsx'
import type { Shared } from './shared.ts'

/** What agents may do because of a message: what waits, what is asked, what was decided. client:APR1, APR13, APR15, APR16 */
export function ApprovalsPage({ page, shared }: { page: PageContext; shared: Shared }) {
  const { db, profileId, approvals } = page
  const mode = useLive(() => readMode(db, profileId), ['settings'], [db, profileId]).value
  const several = (useLive(() => db.count('profiles'), ['profiles'], [db]).value ?? 1) > 1
  const name = shared.profile.value?.name
  return (
    <>
      <PageHead title={i18n.t('options.approvals')}>{i18n.t('approvals.intro')}</PageHead>
      <PendingList host={page} mode={mode} toMode={toMode} />
      <section class="section" aria-labelledby="mode">
        <div class="section-head">
          <h2 id="mode">{i18n.t('approvals.when')}</h2>
          {several && <span class="muted">{i18n.t('approvals.ofProfile', { name: profileTitle(name) })}</span>}
        </div>
        {mode === undefined ? (
          <div class="card">
            <SkeletonRows rows={3} />
          </div>
        ) : (
          <ModeChoice
            mode={mode}
            labelledBy="mode"
            setMode={(wanted, confirmed) => approvals.setMode({ profileId, mode: wanted, confirmed })}
          />
        )}
      </section>
      <DecisionList
        db={db}
        profileId={profileId}
        toMode={toMode}
        save={async () => {
          const text = await exportAudit(db, { profileId, profile: name ?? profileId, now: Date.now() })
          saveFile(new TextEncoder().encode(text).buffer, fileNameOf(name ?? profileId, 'approvals'))
        }}
      />
    </>
  )
}

function toMode(): void {
  document.querySelector<HTMLElement>('[aria-labelledby="mode"] :checked')?.focus()
}
