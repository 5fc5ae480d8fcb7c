import type { Database } from '../database/open.ts'
import type { Caller, Handlers } from '../messaging/define.ts'
import { readDetails } from './details.ts'
import { makeDeviceLink } from './deviceLink.ts'
import type { Network } from './exchange.ts'
import type { RelayClient } from './http.ts'
import type { connectionMessages } from './messages.ts'
import type { socketMessages } from './socketMessages.ts'

/** Changes of a profile's record that the connection follows. */
export type ProfileChanges = {
  setStopped(profileId: string, stopped: boolean): Promise<void>
  setRelayUrl(profileId: string, url: string): Promise<void>
  trustOfferedKey(profileId: string, typed: string): Promise<void>
}

/** What pages may ask of a connection. The sockets live in the offscreen document: `sockets` reaches it. client §5-7 */
export function createConnectionHandlers({
  db,
  network,
  client,
  sockets,
  profiles,
}: {
  db: Database
  network: Network
  client: Pick<RelayClient, 'ask'>
  sockets: Caller<typeof socketMessages.table>
  profiles: ProfileChanges
}): Handlers<typeof connectionMessages.table> {
  return {
    async connect({ profileId }) {
      await profiles.setStopped(profileId, false)
      await sockets.sync(undefined)
      await sockets.reconnect({ profileId })
    },
    async disconnect({ profileId }) {
      await profiles.setStopped(profileId, true)
      await sockets.sync(undefined)
    },
    async reconnect({ profileId }) {
      await sockets.sync(undefined)
      await sockets.reconnect({ profileId })
    },
    pollNow: ({ profileId }) => sockets.pollNow({ profileId }),
    async setRelayUrl({ profileId, url }) {
      await profiles.setRelayUrl(profileId, url)
      await sockets.sync(undefined)
    },
    async trustNewKey({ profileId, typed }) {
      await profiles.trustOfferedKey(profileId, typed)
      await sockets.sync(undefined)
      await sockets.reconnect({ profileId })
    },
    deviceLink: ({ profileId }) => makeDeviceLink(client, profileId),
    details: ({ profileId }) => readDetails({ db, network, client }, profileId),
  }
}
