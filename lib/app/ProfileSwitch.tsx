import { ProfileMenu } from './ProfileMenu.tsx'
import type { PageContext } from './page.ts'
import { useProfileRows } from './profileRows.ts'

export type Switching = {
  page: PageContext
  choose: (profileId: string) => void
  /** Leads to the page of the profiles. */
  manage: () => void
}

/** The menu of all profiles, kept up to date. It reads for itself: what it counts changes far more often than what is around it. */
export function ProfileSwitch({ page, choose, manage }: Switching) {
  return <ProfileMenu shown={page.profileId} rows={useProfileRows(page.db)} choose={choose} manage={manage} />
}
