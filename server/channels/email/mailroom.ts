import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { ChannelHost } from '../port.ts'
import { type EmailFacts, emailChannels, emailFacts } from './channelFacts.ts'
import { toInbound } from './content.ts'
import type { Mail } from './mail.ts'
import { admit, closedReason, type Refused } from './refusal.ts'

/** A channel a mail is addressed to. */
export type Addressee = { channel: ChannelRecord; facts: EmailFacts }

/** What became of a mail. `refused` by every channel, for the reason of the first; `later`: it should be handed over again. */
export type Delivered =
  | { kind: 'stored'; messageId: string; duplicate: boolean }
  | { kind: 'refused'; as: Exclude<Refused['as'], 'later'> }
  | { kind: 'later' }

type Position = { key: string; value: string }

export type Mailroom = ReturnType<typeof createMailroom>

/** Brings mail into the channels it is addressed to, whichever way it came. relay:EML9, EML10, EML11 */
export function createMailroom({ host, log }: { host: ChannelHost; log: Pick<Log, 'info'> }) {
  function refuse({ channel }: Addressee, reason: string): void {
    host.rejected(channel.id, reason)
    log.info({ channelId: channel.id }, 'A mail was refused.')
  }

  /** Resolves after the commits. `position` is committed with the last: a crash before it must not leave a mail that counts as done. */
  async function store(mail: Mail, admitted: readonly (Addressee & { sender: string })[], position?: Position) {
    const copies = admitted.map(({ channel, facts, sender }) => ({
      channel,
      inbound: toInbound(mail, sender, facts.inboundAddress),
    }))
    const last = copies.pop()
    const others = await Promise.all(copies.map(({ channel, inbound }) => host.ingest(channel, inbound)))
    if (!last) return undefined
    const stored = await host.ingest(last.channel, position ? { ...last.inbound, positions: [position] } : last.inbound)
    return others[0] ?? stored
  }

  return {
    refuse,

    addressees(recipients: readonly string[]): Addressee[] {
      return emailChannels(host).flatMap((channel) => {
        const facts = emailFacts(channel)
        return facts && recipients.includes(facts.inboundAddress) ? [{ channel, facts }] : []
      })
    },

    /** Those who take mail at all; the others have it counted. */
    open(found: readonly Addressee[]): Addressee[] {
      return found.filter((addressee) => {
        const reason = closedReason(addressee.channel, addressee.facts)
        if (reason) refuse(addressee, reason)
        return reason === undefined
      })
    },

    /** Resolves after the commit. Throws storage_unavailable when a mail cannot be kept; handing it over again is safe then. */
    async deliver(mail: Mail, waiting: readonly Addressee[], position?: Position): Promise<Delivered> {
      const judged = waiting.map((addressee) => ({ addressee, verdict: admit(mail, addressee.channel, addressee.facts) }))
      // Before anything is stored or counted, so that nothing is counted twice.
      if (judged.some(({ verdict }) => verdict.as === 'later')) return { kind: 'later' }
      let as: Exclude<Refused['as'], 'later'> = 'unwanted'
      const admitted: (Addressee & { sender: string })[] = []
      for (const { addressee, verdict } of judged) {
        if (verdict.as === 'admitted') admitted.push({ ...addressee, sender: verdict.sender })
        else refuse(addressee, verdict.reason)
        if (verdict.as === 'unproven' || verdict.as === 'automatic') as = verdict.as
      }
      const stored = await store(mail, admitted, position)
      return stored ? { kind: 'stored', ...stored } : { kind: 'refused', as }
    },
  }
}
