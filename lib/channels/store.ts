import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../database/open.ts'
import type { KnownChannel, Step } from './model.ts'

/** What a channel's state asks the user to do; other states ask for nothing. client:WIZ6, WIZ7 */
function stepOf({ status }: ChannelConfig): Step['kind'] | undefined {
  if (status.state === 'waiting_pairing') return 'pair'
  if (status.state === 'waiting_verification') return 'verify'
  return undefined
}

/** Stores one channel as the relay tells it, or removes it, and keeps its step in line. client:SOC12 */
export async function saveChannel(
  db: Database,
  profileId: string,
  channelId: string,
  config: ChannelConfig | null,
  now: number,
): Promise<void> {
  const transaction = db.transaction(['channels', 'steps'], 'readwrite')
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

/**
 * Replaces the list by the relay's. An empty answer keeps what is known here and offers to register it again: the relay may have lost it
 * (client:REC1, STA2). `keep` are channels that still wait for being rebuilt (client:REC5).
 */
export async function saveChannels(
  db: Database,
  profileId: string,
  configs: ChannelConfig[],
  now: number,
  keep: ReadonlySet<string> = new Set(),
): Promise<void> {
  const transaction = db.transaction(['channels', 'steps'], 'readwrite')
  const channels = transaction.objectStore('channels')
  const steps = transaction.objectStore('steps')
  const before = await channels.getAll(within(profileId))
  const listed = new Set(configs.map(({ id }) => id))
  for (const { id, config } of before) {
    if (listed.has(id) || keep.has(id)) continue
    if (configs.length === 0) await offerAgain(steps, profileId, config, now)
    else await Promise.all([channels.delete([profileId, id]), steps.delete([profileId, id])])
  }
  for (const [order, config] of configs.entries()) {
    await channels.put({ profileId, id: config.id, config, seenAt: now, order } satisfies KnownChannel)
    const step = nextStep(profileId, config, await steps.get([profileId, config.id]), now)
    if (step === 'none') await steps.delete([profileId, config.id])
    else if (step) await steps.put(step)
  }
  await transaction.done
}

/** The step to store, `none` to remove one, `undefined` to leave things as they are. A dismissed step stays dismissed. */
function nextStep(profileId: string, config: ChannelConfig, before: Step | undefined, now: number): Step | 'none' | undefined {
  const kind = stepOf(config)
  if (!kind) return before ? 'none' : undefined
  if (before?.kind === kind) return undefined
  return { profileId, channelId: config.id, kind, channelType: config.type, createdAt: now, dismissed: 0 }
}

type StepWriter = {
  get(key: [string, string]): Promise<Step | undefined>
  put(step: Step): Promise<unknown>
}

async function offerAgain(steps: StepWriter, profileId: string, { id, type }: ChannelConfig, now: number): Promise<void> {
  if ((await steps.get([profileId, id]))?.kind === 'register_again') return
  await steps.put({ profileId, channelId: id, kind: 'register_again', channelType: type, createdAt: now, dismissed: 0 })
}

function within(profileId: string): IDBKeyRange {
  return IDBKeyRange.bound([profileId], [profileId, []])
}
