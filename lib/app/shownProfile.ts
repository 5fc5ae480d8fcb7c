import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Database } from '../database/open.ts'
import { profileQuery } from '../platform/smallWindow.ts'
import { profileToShow } from '../profiles/queries.ts'
import { useLive } from '../ui/live.ts'
import type { OpenPage, PageContext } from './page.ts'

/** What the next window without a profile in its address shows. */
const REMEMBERED = 'chaos-profile'

/** The profile this window shows: the one its address names, else the one chosen last. client:PRF3 */
export function readShownProfile(db: Database): Promise<string> {
  const wanted = new URLSearchParams(location.search).get('profile') ?? localStorage.getItem(REMEMBERED)
  return profileToShow(db, wanted ?? undefined)
}

/**
 * A page for one profile at a time. Choosing another stops nothing (client:PRF3); it is remembered, while windows already open keep
 * theirs. A profile that is deleted makes way for the first one.
 */
export function useShownProfile(page: OpenPage, first: string): { context: PageContext; choose: (profileId: string) => void } {
  const [profileId, setProfileId] = useState(first)
  const there = useLive(() => profileToShow(page.db, profileId), ['profiles'], [page, profileId]).value ?? profileId
  useLayoutEffect(() => {
    history.replaceState(null, '', profileQuery(there) + location.hash)
    setProfileId(there)
  }, [there])

  const choose = useCallback((chosen: string) => {
    localStorage.setItem(REMEMBERED, chosen)
    // Places below a page belong to the profile they were opened for.
    history.replaceState(null, '', `${profileQuery(chosen)}${location.hash.split('/', 2).join('/')}`)
    setProfileId(chosen)
  }, [])
  useKeepFocus(profileId)
  const context = useMemo(() => ({ ...page, profileId }), [page, profileId])
  return { context, choose }
}

/** Everything below is drawn anew for another profile: the keyboard stays where the choice was made. */
function useKeepFocus(profileId: string): void {
  const before = useRef(profileId)
  useLayoutEffect(() => {
    if (before.current === profileId) return
    before.current = profileId
    const buttons = [...document.querySelectorAll<HTMLElement>('.profile-btn')]
    buttons.find((button) => button.checkVisibility())?.focus({ preventScroll: true })
  }, [profileId])
}
