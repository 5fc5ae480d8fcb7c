import type { ChannelStore } from '../store/port.ts'

const DETAIL = 'The relay’s encryption key was lost, and this channel’s secrets with it. Connect it again.'

/** Marks every channel with sealed secrets as auth_failed; returns their ids. relay:STO3 */
export async function failSealedChannels(channels: ChannelStore): Promise<string[]> {
  const failed: string[] = []
  for (const channel of await channels.load()) {
    if (Object.keys(channel.secrets).length === 0) continue
    await channels.put({ ...channel, status: { state: 'auth_failed', detail: DETAIL } }, channel.revision)
    failed.push(channel.id)
  }
  return failed
}
