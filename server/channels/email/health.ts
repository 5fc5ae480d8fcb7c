import type { ChannelHost } from '../port.ts'
import { emailChannels, emailFacts, restingStatus } from './channelFacts.ts'
import { type ProviderTrouble, troubledStatus } from './trouble.ts'

/** One failure in a row is the network's mood. */
const DEGRADED_AFTER = 3

export type Health = ReturnType<typeof createHealth>

/**
 * Tells the owners of all e-mail channels when the provider fails, and when it works again. Sending and receiving are judged apart: a key that
 * may only send would otherwise look well after every reply. relay:CH11
 */
export function createHealth(host: Pick<ChannelHost, 'find' | 'setStatus'>) {
  const lines = { sending: { failures: 0, told: false }, receiving: { failures: 0, told: false } }

  async function tell(status: ReturnType<typeof troubledStatus>): Promise<void> {
    for (const channel of emailChannels(host)) {
      const facts = emailFacts(channel)
      if (channel.enabled && facts?.verified) await host.setStatus(channel.id, status ?? restingStatus(facts))
    }
  }

  return {
    async failed(line: keyof typeof lines, error: ProviderTrouble): Promise<void> {
      const status = troubledStatus(error)
      if (!status) return
      lines[line].failures += 1
      if (status.state !== 'auth_failed' && lines[line].failures < DEGRADED_AFTER) return
      lines[line].told = true
      await tell(status)
    },
    async worked(line: keyof typeof lines): Promise<void> {
      const { told } = lines[line]
      lines[line] = { failures: 0, told: false }
      if (told && !Object.values(lines).some((other) => other.told)) await tell(undefined)
    },
  }
}
