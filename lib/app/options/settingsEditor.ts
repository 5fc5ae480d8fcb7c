import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Settings } from '../../inbox/messages.ts'
import type { Failure } from '../../messaging/failure.ts'
import { asFailure } from '../../ui/action.ts'
import type { PageContext } from '../page.ts'

export type SettingsEditor = ReturnType<typeof useSettingsEditor>

/** Shows a choice at once, and takes it back with the reason if it could not be stored. */
export function useSettingsEditor({ settings, profileId }: PageContext, stored: Settings | undefined) {
  const [wanted, setWanted] = useState<Partial<Settings>>({})
  const [failure, setFailure] = useState<Failure>()
  useEffect(() => setWanted({}), [stored])
  const set = useCallback(
    (change: Partial<Settings>): void => {
      setWanted((before) => ({ ...before, ...change }))
      setFailure(undefined)
      settings.set({ profileId, change }).catch((error: unknown) => {
        setWanted({})
        setFailure(asFailure(error))
      })
    },
    [settings, profileId],
  )
  return { settings: stored && { ...stored, ...wanted }, failure, set }
}
