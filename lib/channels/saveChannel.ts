import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../database/open.ts'
import { channelFacts } from './facts.ts'
import type { Step } from './model.ts'

/** What a channel's state asks the user to do; other states ask for nothing. client:WIZ6, WIZ7 */
function stepOf(config: ChannelConfig): Step['kind'] | undefined {
  const { status } = config
  if (status.state === 'waiting_pairing' || isUnpaired(config)) return 'pair'
  if (status.state === 'waiting_verification') return 'verify'
  return undefined
}

/** A bot may have a trouble of its own before anybody is paired with it. */
function isUnpaired(config: ChannelConfig): boolean {
  const { pairingExpiresAt, allowedUsers } = channelFacts(config)
  return config.status.state === 'degraded' && pairingExpiresAt !== undefined && allowedUsers.length === 0
}

/** Stores one channel as the relay tells it, or removes it, and keeps its step in line. A profile that is gone gets nothing. client:SOC12, PRF5 */
export async function saveChannel(
  db: Database,
  profileId: string,
  channelId: string,
  config: ChannelConfig | null,
  now: number,
): Promise<void> {
  const transaction = db.transaction(['profiles', 'channels', 'steps'], 'readwrite')
  if ((await transaction.objectStore('profiles').getKey(profileId)) === undefined) return
  const channels = transaction.objectStore('channels')
  const steps = transaction.objectStore('steps')
  if (!config) {
    await Promise.all([channels.delete([profileId, channelId]), steps.delete([profileId, channelId])])
  } else {
    const all = await channels.getAll(within(profileId))
    const order = all.find(({ id }) => id === channelId)?.order ?? Math.max(-1, ...all.map((channel) => channel.order)) + 1
    await channels.put({ profileId, id: channelId, config, seenAt: now, order })
    const step = nextStep(profileId, config, await steps.get([profileId, channelId]), now)
    if (step === 'none') await steps.delete([profileId, channelId])
    else if (step) await steps.put(step)
  }
  await transaction.done
}

/** The step to store, `none` to remove one, `undefined` to leave things as they are. A dismissed step stays dismissed. */
export function nextStep(
  profileId: string,
  config: ChannelConfig,
  before: Step | undefined,
  now: number,
): Step | 'none' | undefined {
  const kind = stepOf(config)
  // Nothing in the channel's state tells that its senders wait for a secret.
  if (!kind && before?.kind === 'renew_signing') return undefined
  if (!kind) return before ? 'none' : undefined
  if (before?.kind === kind) return undefined
  return { profileId, channelId: config.id, kind, channelType: config.type, createdAt: now, dismissed: 0 }
}

function within(profileId: string): IDBKeyRange {
  return IDBKeyRange.bound([profileId], [profileId, []])
}
