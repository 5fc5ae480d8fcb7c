import { RelayError } from '#protocol/errors.ts'
import type { ChannelAdapter, ChannelHost } from '../channels/port.ts'
import { isTakenOver, takenOver } from '../channels/takeOver.ts'
import type { Clock } from '../clock.ts'
import { jsonObject } from '../http/json.ts'
import type { Answer, SessionRequest } from '../http/route.ts'
import type { InboxStore } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'

/** A sign of life is worth no longer wait than this. */
const SHOWN_WITHIN_MS = 2_000

type Parts = {
  host: Pick<ChannelHost, 'channel'>
  adapters: (type: ChannelRecord['type']) => ChannelAdapter | undefined
  inbox: Pick<InboxStore, 'lastTarget'>
  clock: Pick<Clock, 'after'>
}

/** POST /typing: shown where the platform can, and never an error because of the platform. relay:TYP1, TKO2 */
export function createTyping({ host, adapters, inbox, clock }: Parts) {
  return async ({ body, session }: SessionRequest): Promise<Answer> => {
    const { channelId, by } = jsonObject(body)
    if (typeof channelId !== 'string' || channelId === '') throw new RelayError('missing_field', 'Missing channelId')
    const channel = host.channel(channelId)
    if (channel?.userId !== session.userId) throw new RelayError('channel_not_found', 'This session has no such channel.')
    const target = await inbox.lastTarget(channel.id)
    if (by !== 'human' && isTakenOver(channel, target)) throw takenOver()
    const adapter = adapters(channel.type)
    if (adapter?.typing && channel.enabled) await shown(adapter.typing(channel, target))
    return { json: { ok: true } }
  }

  async function shown(call: Promise<void>): Promise<void> {
    let cancel = () => {}
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(SHOWN_WITHIN_MS, resolve)
    })
    await Promise.race([call.catch(() => {}), late])
    cancel()
  }
}
