import { RelayError } from '#protocol/errors.ts'
import { PAIRING_GUESSES, PAIRING_LIFE_MS } from '#protocol/limits.ts'
import { isPairingCode, PAIRING_ALPHABET } from '#protocol/pairing.ts'
import { equalSecret } from '../auth/secrets.ts'
import type { Clock } from '../clock.ts'
import type { ChannelRecord, ChannelSecrets } from '../store/records.ts'
import { createAnswerLimit } from './answerLimit.ts'
import { readPairingText } from './pairingText.ts'
import type { ChannelHost } from './port.ts'

export type Pairing = ReturnType<typeof createPairing>

/** A new code: `code` for the owner's eyes, `secret` for the record. `expiresAt` in epoch milliseconds. */
export type FreshCode = { code: string; expiresAt: number; secret: NonNullable<ChannelSecrets['pairing']> }

/** Somebody who wrote to a bot. `id` (empty if the platform hides it) and `chat` as the platform names them. */
export type Sender = { id: string; chat: string; private: boolean; text: string }

/** Whether a text is a message to store. If not, `answer` is what the bot says to the chat, when it says anything. */
export type Admission = { admitted: true } | { admitted: false; answer?: string }

const ANSWERS = {
  paired: 'You are paired. What you write here now arrives in the browser.',
  already: 'You are already paired. What you write here arrives in the browser.',
  wrong: 'That code is not right. Check it in the browser extension and send it again.',
  killed: 'That code is not right, and after too many wrong codes it is no longer valid. Make a new one in the browser extension.',
  refused:
    'You are not authorised to use this bot. If it is yours, make a pairing code in the browser extension and send it here in a private chat.',
}

/** Codes and who may write, alike for every chat platform. `random` gives that many CSPRNG bytes. relay §10 */
export function createPairing({ host, clock, random }: { host: ChannelHost; clock: Clock; random: (bytes: number) => Uint8Array }) {
  const answerLimit = createAnswerLimit(clock)

  /** relay:PAIR1 */
  function fresh(): FreshCode {
    const code = encodeCode(random(CODE_BYTES))
    const expiresAt = clock.now() + PAIRING_LIFE_MS
    return { code, expiresAt, secret: { sealed: host.seal(code), expiresAt, wrongGuesses: 0 } }
  }

  /** Replaces the code of a channel; who is paired stays paired. Throws channel_not_found. relay:PAIR5 */
  async function renew(channelId: string): Promise<FreshCode> {
    const made = fresh()
    const updated = await host.update(channelId, (channel) => ({
      ...channel,
      secrets: { ...channel.secrets, pairing: made.secret },
    }))
    if (!updated) throw new RelayError('channel_not_found', 'There is no such channel.')
    return made
  }

  /** Decides about one text of one sender and spends the code if this is it. relay:PAIR2, PAIR3, PAIR4, PAIR6 */
  async function admit(channelId: string, sender: Sender): Promise<Admission> {
    const channel = host.channel(channelId)
    if (!channel) return { admitted: false }
    const attempt = sender.private && sender.id ? readPairingText(sender.text) : undefined
    if (sender.id && allowedUsers(channel).includes(sender.id)) {
      if (!attempt) return { admitted: true }
      if (holds(channel, attempt.code)) return redeem(channel, sender, attempt.code)
      const stale = attempt.command ? isPairingCode(attempt.code) : wasUsed(channel, attempt.code)
      return stale ? { admitted: false, answer: ANSWERS.already } : { admitted: true }
    }
    if (attempt && livePairing(channel, clock.now())) return redeem(channel, sender, attempt.code)
    return refuse(channel, sender)
  }

  async function redeem(channel: ChannelRecord, sender: Sender, code: string): Promise<Admission> {
    const outcome: { is: 'paired' | 'wrong' | 'killed' | 'none' } = { is: 'none' }
    await host.update(channel.id, (current) => {
      const pairing = livePairing(current, clock.now())
      outcome.is = 'none'
      if (!pairing) return current
      if (equalSecret(code, host.unseal(pairing.sealed))) {
        outcome.is = 'paired'
        return withPaired(current, sender.id)
      }
      const { pairing: _, ...others } = current.secrets
      const wrongGuesses = pairing.wrongGuesses + 1
      outcome.is = wrongGuesses >= PAIRING_GUESSES ? 'killed' : 'wrong'
      return { ...current, secrets: outcome.is === 'killed' ? others : { ...others, pairing: { ...pairing, wrongGuesses } } }
    })
    if (outcome.is === 'none') return refuse(channel, sender)
    if (outcome.is !== 'paired') host.rejected(channel.id, 'wrong pairing code')
    return { admitted: false, answer: ANSWERS[outcome.is] }
  }

  function refuse(channel: ChannelRecord, sender: Sender): Admission {
    host.rejected(channel.id, `sender ${sender.id} is not paired`)
    const answers = sender.private && answerLimit.mayAnswer(`${channel.id}|${sender.chat}`)
    return answers ? { admitted: false, answer: ANSWERS.refused } : { admitted: false }
  }

  function holds(channel: ChannelRecord, code: string): boolean {
    const pairing = livePairing(channel, clock.now())
    return pairing !== undefined && equalSecret(code, host.unseal(pairing.sealed))
  }

  function wasUsed(channel: ChannelRecord, code: string): boolean {
    const { pairingUsed } = channel.secrets
    return pairingUsed !== undefined && equalSecret(code, host.unseal(pairingUsed))
  }

  return { fresh, renew, admit }
}

/** 40 bits: 8 characters of 5. */
const CODE_BYTES = 5
const CODE_CHARACTERS = 8

function encodeCode(bytes: Uint8Array): string {
  let bits = 0n
  for (const byte of bytes.subarray(0, CODE_BYTES)) bits = (bits << 8n) | BigInt(byte)
  let code = ''
  for (let at = CODE_CHARACTERS - 1; at >= 0; at--) code += PAIRING_ALPHABET.charAt(Number((bits >> BigInt(at * 5)) & 31n))
  return code
}

function withPaired(channel: ChannelRecord, senderId: string): ChannelRecord {
  const { pairing, ...others } = channel.secrets
  const allowed = allowedUsers(channel)
  return {
    ...channel,
    metadata: { ...channel.metadata, allowedUsers: allowed.includes(senderId) ? allowed : [...allowed, senderId] },
    secrets: { ...others, ...(pairing && { pairingUsed: pairing.sealed }) },
    status: channel.status.state === 'waiting_pairing' ? { state: 'ok' } : channel.status,
  }
}

/** The code that can be redeemed now, if any. */
export function livePairing(channel: ChannelRecord, now: number): ChannelSecrets['pairing'] {
  const { pairing } = channel.secrets
  return pairing && pairing.expiresAt > now ? pairing : undefined
}

/** Ids of the senders whose messages are stored. relay:PAIR3, PAIR6 */
export function allowedUsers(channel: ChannelRecord): string[] {
  const { allowedUsers } = channel.metadata
  return Array.isArray(allowedUsers) ? allowedUsers.map(String) : []
}
