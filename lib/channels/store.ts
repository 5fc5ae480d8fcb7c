import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../database/open.ts'
import type { KnownChannel, Step } from './model.ts'
import { nextStep } from './saveChannel.ts'

/**
 * Replaces the list by the relay's, which was asked for at `asked`: what came by the socket or an answer since then is newer and stays. What still waits for being rebuilt stays (client:REC5); an empty answer keeps what is known here and
 * offers to register it again, since the relay may have lost it (client:REC1, STA2). A profile that is gone gets nothing (client:PRF5).
 */
export async function saveChannels(
  db: Database,
  profileId: string,
  configs: ChannelConfig[],
  { asked, clock }: { asked: number; clock: () => number },
  rebuilding: ReadonlySet<string>,
): Promise<void> {
  const transaction = db.transaction(['profiles', 'channels', 'steps'], 'readwrite')
  if ((await transaction.objectStore('profiles').getKey(profileId)) === undefined) return
  const channels = transaction.objectStore('channels')
  const steps = transaction.objectStore('steps')
  const before = await channels.getAll(within(profileId))
  // Read after the records: what was written until now has a time that is over, however long this had to wait for its turn.
  const now = clock()
  const listed = new Set(configs.map(({ id }) => id))
  // A time still to come was written before the clock was set back.
  const newer = new Map(before.filter(({ seenAt }) => seenAt > asked && seenAt <= now).map((row) => [row.id, row]))
  for (const { id, config } of before) {
    if (listed.has(id) || rebuilding.has(id) || newer.has(id)) continue
    const step = await steps.get([profileId, id])
    if (step && isRebuild(step.kind) && step.dismissed === 0) continue
    if (configs.length === 0 && !step?.dismissed) await steps.put(rebuildStep(profileId, config, now))
    else await Promise.all([channels.delete([profileId, id]), steps.delete([profileId, id])])
  }
  for (const [order, config] of configs.entries()) {
    const known = newer.get(config.id)
    if (known) {
      await channels.put({ ...known, order })
      continue
    }
    await channels.put({ profileId, id: config.id, config, seenAt: now, order } satisfies KnownChannel)
    const step = nextStep(profileId, config, await steps.get([profileId, config.id]), now)
    if (step === 'none') await steps.delete([profileId, config.id])
    else if (step) await steps.put(step)
  }
  await transaction.done
}

/** What is asked of the user to get back a channel the relay lost, or gives to nobody else. client:REC2, REC3 */
export function rebuildStep(profileId: string, { id, type }: ChannelConfig, now: number, taken = false): Step {
  const kind = type === 'webhook' || type === 'email' ? 'register_again' : 'paste_token'
  return { profileId, channelId: id, kind, channelType: type, createdAt: now, dismissed: 0, ...(taken && { taken }) }
}

function isRebuild(kind: Step['kind']): boolean {
  return kind === 'register_again' || kind === 'paste_token'
}

/** Removes records of lost channels that a new registration has replaced. client:REC5 */
export async function dropLost(db: Database, profileId: string, isReplaced: (config: ChannelConfig) => boolean): Promise<void> {
  const transaction = db.transaction(['channels', 'steps'], 'readwrite')
  const channels = transaction.objectStore('channels')
  const steps = transaction.objectStore('steps')
  for (const { id, config } of await channels.getAll(within(profileId))) {
    const step = await steps.get([profileId, id])
    if (!step || !isRebuild(step.kind) || !isReplaced(config)) continue
    await Promise.all([channels.delete([profileId, id]), steps.delete([profileId, id])])
  }
  await transaction.done
}

/** Puts what an answer told about a channel into its record at once: the relay's own word of it comes over the socket. */
export async function editChannel(
  db: Database,
  profileId: string,
  channelId: string,
  change: (config: ChannelConfig) => ChannelConfig,
): Promise<void> {
  const transaction = db.transaction('channels', 'readwrite')
  const known = await transaction.store.get([profileId, channelId])
  if (known) await transaction.store.put({ ...known, config: change(known.config) })
  await transaction.done
}

/** Takes a step off the list if it is this one. */
export async function endStep(db: Database, profileId: string, channelId: string, kind: Step['kind']): Promise<void> {
  const transaction = db.transaction('steps', 'readwrite')
  if ((await transaction.store.get([profileId, channelId]))?.kind === kind) await transaction.store.delete([profileId, channelId])
  await transaction.done
}

function within(profileId: string): IDBKeyRange {
  return IDBKeyRange.bound([profileId], [profileId, []])
}
