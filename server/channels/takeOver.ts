import { RelayError } from '#protocol/errors.ts'
import { MAX_TAKEN_OVER } from '#protocol/limits.ts'
import type { ChannelRecord } from '../store/records.ts'

/** Why a reply that an agent had queued does not go out. relay:TKO3 */
export const AGENT_STOPPED = 'Somebody took over this conversation before this was sent.'

/** Whether agents may not answer there. `target` is absent for a webhook, which is one conversation. relay:TKO1 */
export function isTakenOver({ takenOver = [] }: Pick<ChannelRecord, 'takenOver'>, target: string | undefined): boolean {
  return takenOver.includes(target ?? '')
}

/** relay:TKO2 */
export function takenOver(): RelayError {
  return new RelayError(
    'taken_over',
    'Somebody has taken over this conversation and answers it. Agents may answer again when it is handed back.',
  )
}

/** The channel with one conversation more that agents may not answer in. Throws too_many_taken_over. relay:TKO1 */
export const withTakenOver =
  (target: string) =>
  (channel: ChannelRecord): ChannelRecord => {
    const known = channel.takenOver ?? []
    if (known.includes(target)) return channel
    if (known.length >= MAX_TAKEN_OVER)
      throw new RelayError(
        'too_many_taken_over',
        `At most ${MAX_TAKEN_OVER} conversations of a channel can be taken over. Hand one back first.`,
      )
    return { ...channel, takenOver: [...known, target] }
  }

/** The channel without it. relay:TKO1 */
export const withoutTakenOver =
  (target: string) =>
  (channel: ChannelRecord): ChannelRecord => {
    const known = channel.takenOver ?? []
    return known.includes(target) ? { ...channel, takenOver: known.filter((other) => other !== target) } : channel
  }
