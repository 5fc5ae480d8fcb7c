import { Failure } from '../../messaging/failure.ts'
import { allowOlder, askAge, wasPinned } from '../../relay/older.ts'
import type { Connection } from '../../relay/state.ts'
import { OlderRelay } from '../../relay/ui/OlderRelay.tsx'
import { parseRelayUrl } from '../../relay/url.ts'
import { useLive } from '../../ui/live.ts'
import type { PageContext } from '../page.ts'
import { createPageWorld } from './pageWorld.ts'

type Props = { page: PageContext; relayUrl: string | undefined; state: Connection['state'] | undefined }

/** Where the connection does not come about: is the relay an older one? client:LEG1, LEG2 */
export function OlderCard({ page: { db, profiles, connection, profileId }, relayUrl = '', state }: Props) {
  const seeking = state === 'reconnecting' || state === 'connecting'
  const found = useLive(
    async () => {
      const relay = parseRelayUrl(relayUrl)
      if (!seeking || !relay.ok || (await askAge(createPageWorld(db).network, relay.url)) !== 'older') return { older: false }
      return { older: true, pinned: await wasPinned(db, profileId) }
    },
    // Who is there may change between two attempts.
    ['connection'],
    [db, profileId, relayUrl, seeking],
  ).value
  if (!seeking || !found?.older) return null
  return (
    <OlderRelay
      pinned={found.pinned === true}
      use={async () => {
        if (!(await allowOlder(db, profileId, relayUrl)))
          throw new Failure('pinned', 'This profile goes on only with a relay that proves its key.')
        await profiles.changed({ profileId })
        await connection.reconnect({ profileId })
      }}
    />
  )
}
