import type { ChannelStore } from '../store/port.ts'
import type { ChannelSecrets } from '../store/records.ts'

const DETAIL = 'The relay’s encryption key was lost, and this channel’s secrets with it. Connect it again.'

/** Marks every channel with sealed secrets as auth_failed and voids its codes, links and previous secrets; returns their ids. relay:STO3 */
export async function failSealedChannels(channels: ChannelStore): Promise<string[]> {
  const failed: string[] = []
  for (const channel of await channels.load()) {
    if (Object.keys(channel.secrets).length === 0) continue
    const status = { state: 'auth_failed', detail: DETAIL } as const
    await channels.put({ ...channel, secrets: lasting(channel.secrets), status }, channel.revision)
    failed.push(channel.id)
  }
  return failed
}

/**
 * What is replaced when the channel is connected again. A signing secret must stay, unreadable as it is: without one the channel would take posts that
 * nobody signed. relay:WH10
 */
function lasting(secrets: ChannelSecrets): ChannelSecrets {
  const { pairing: _, pairingUsed: __, verification: ___, webhookPrevious: ____, signingPrevious: _____, ...kept } = secrets
  return kept
}
