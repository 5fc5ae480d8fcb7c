import { type ChannelState, channelConfigSchema } from '#protocol/channel.ts'
import type { ChannelFinding, Finding } from '../model.ts'
import type { Patient } from '../patient.ts'

/** States in which nothing comes in until its owner does something, and those that only hinder. relay §7 */
const OUTCOMES: Record<ChannelState, ChannelFinding['outcome']> = {
  ok: 'ok',
  connecting: 'ok',
  disabled: 'ok',
  waiting_pairing: 'warn',
  waiting_verification: 'warn',
  degraded: 'warn',
  conflict: 'warn',
  not_configured: 'warn',
  auth_failed: 'fail',
}

/** The relay's own word on every channel; one that is known here but not there counts as forgotten. client:STA2 */
export async function checkChannels({ host, listed, open }: Patient): Promise<Omit<Finding, 'check'>> {
  const channels = listed.channels.flatMap((record): ChannelFinding[] => {
    const config = channelConfigSchema.safeParse(record)
    if (!config.success) return []
    const { id, type, name = '', enabled, status } = config.data
    const state = enabled ? status.state : 'disabled'
    return [{ id, type, name, state, detail: status.detail, outcome: OUTCOMES[state] }]
  })
  const all = IDBKeyRange.bound([host.profileId], [host.profileId, []])
  const known = await (await open()).count('channels', all)
  if (channels.length === 0)
    return known > 0
      ? { outcome: 'warn', code: 'channels.forgotten', figures: { known }, fix: 'openChannels' }
      : { outcome: 'ok', code: 'channels.none' }
  const failing = channels.filter(({ outcome }) => outcome === 'fail').length
  const needing = channels.filter(({ outcome }) => outcome !== 'ok').length
  const figures = { channels: channels.length, needing, failing }
  if (failing > 0) return { outcome: 'fail', code: 'channels.broken', figures, channels, fix: 'openChannels' }
  return needing > 0
    ? { outcome: 'warn', code: 'channels.attention', figures, channels, fix: 'openChannels' }
    : { outcome: 'ok', code: 'channels.all', figures, channels }
}
