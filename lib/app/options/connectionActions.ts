import { useMemo } from 'preact/hooks'
import type { ConnectionActions } from '../../relay/ui/details.ts'
import type { PageContext } from '../page.ts'
import { keepPinnedKey } from './keepPinnedKey.ts'

/** What pages ask of the connection of the profile in view. */
export function useConnectionActions(page: PageContext): ConnectionActions {
  const { db, connection, profileId } = page
  return useMemo(
    () => ({
      connect: () => connection.connect({ profileId }),
      disconnect: () => connection.disconnect({ profileId }),
      reconnect: () => connection.reconnect({ profileId }),
      pollNow: async () => (await connection.pollNow({ profileId })).received,
      setRelayUrl: (url) => connection.setRelayUrl({ profileId, url }),
      deviceLink: () => connection.deviceLink({ profileId }),
      trustNewKey: (typed) => connection.trustNewKey({ profileId, typed }),
      keepPinnedKey: () => keepPinnedKey({ db, connection, profileId }),
    }),
    [db, connection, profileId],
  )
}
