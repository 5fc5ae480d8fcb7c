import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Locks } from '../platform/locks.ts'
import { recoveryKey } from '../relay/account.ts'
import type { RelayClient } from '../relay/http.ts'
import type { NewKey } from './model.ts'
import { returnToOwnKey, startNewIdentity } from './replaceIdentity.ts'

/** What the page asks of the profile's connection meanwhile. */
export type Line = {
  disconnect: (profileId: string) => Promise<void>
  connect: (profileId: string) => Promise<void>
  pollNow: (profileId: string) => Promise<unknown>
}

/**
 * Moves a profile to a new key, with its channels. The relay gives a channel's id, or a bot, to one session only: so each channel is taken
 * off the old session first, and what came in until then is fetched. Every step is written down before it is done: whatever ends it, the
 * next connection rebuilds what was taken off, under the key that is there then (client:REC1). With the key lost nothing can be taken off;
 * what the old session holds stays there. client:IDN3, IDN6
 */
export async function moveToNewIdentity(
  world: { db: Database; locks: Locks; now: () => number; client: Pick<RelayClient, 'send'>; line: Line },
  profileId: string,
  /** `undefined`: from a pasted token back to the key that is there (client:CRG7). */
  fresh: NewKey | undefined,
): Promise<void> {
  const { db, locks, client, line } = world
  await locks.hold(`recovery:${profileId}`, async () => {
    const known = await db.getAll('channels', IDBKeyRange.bound([profileId], [profileId, []]))
    const channels = known.sort((a, b) => a.order - b.order).map(({ config }) => config)
    const [identity, session] = await Promise.all([db.get('identities', profileId), db.get('sessions', profileId)])
    if (identity && session) {
      // Also asks whether the relay can be reached, before anything is changed.
      await line.pollNow(profileId)
      await takeOff(channels)
      await line.pollNow(profileId)
    }
    await line.disconnect(profileId)
    if (fresh) await startNewIdentity(world, profileId, fresh, channels)
    else await returnToOwnKey(world, profileId, channels)
  })
  await line.connect(profileId)

  async function takeOff(channels: ChannelConfig[]): Promise<void> {
    const gone: ChannelConfig[] = []
    for (const config of channels) {
      gone.push(config)
      await noteGone(gone)
      try {
        await client.send(profileId, { method: 'DELETE', target: `/channels/${encodeURIComponent(config.id)}` })
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'channel_not_found') throw error
      }
    }
  }

  async function noteGone(gone: ChannelConfig[]): Promise<void> {
    const channels = gone.map((config) => ({ id: config.id, config }))
    await db.put('settings', { key: recoveryKey(profileId), value: { channels, done: [] } })
  }
}
