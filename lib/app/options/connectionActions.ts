import { useMemo } from 'preact/hooks'
import type { ConnectionActions } from '../../relay/ui/details.ts'
import type { PageContext } from '../page.ts'

/** What pages ask of the connection of the profile in view. */
export function useConnectionActions({ connection, profileId }: PageContext): ConnectionActions {
  return useMemo(
    () => ({
      connect: () => connection.connect({ profileId }),
      disconnect: () => connection.disconnect({ profileId }),
      reconnect: () => connection.reconnect({ profileId }),
      pollNow: async () => (await connection.pollNow({ profileId })).received,
      setRelayUrl: (url) => connection.setRelayUrl({ profileId, url }),
      deviceLink: () => connection.deviceLink({ profileId }),
      trustNewKey: (typed) => connection.trustNewKey({ profileId, typed }),
    }),
    [connection, profileId],
  )
}
