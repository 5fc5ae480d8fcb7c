import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { RelayError } from '#protocol/errors.ts'
import type { RateLimits } from '../../../http/route.ts'
import type { Log } from '../../../log.ts'
import type { Mailroom } from '../mailroom.ts'
import { Refusal } from './answers.ts'
import { createCrowd } from './crowd.ts'
import { type Deadlines, STEP_WITHIN_MS, TEXT_WITHIN_MS } from './deadlines.ts'
import type { Readers } from './readers.ts'
import { type Budget, collectText } from './text.ts'

/**
 * What is said to each step of a mail's delivery: every method resolves for success and rejects with a Refusal. Nothing is ever passed on to anybody
 * else: a recipient is a channel of this relay, or refused. relay:EML8, EML9, DUR1
 */
export function createConversations(relay: {
  mailroom: Mailroom
  readers: Readers
  limits: RateLimits
  deadlines: Deadlines
  budget: Budget
  log: Pick<Log, 'error'>
}) {
  const { mailroom, readers, limits, deadlines, budget, log } = relay
  const crowd = createCrowd()

  function greet({ id, remoteAddress }: SMTPServerSession): void {
    if (!crowd.enter(id, remoteAddress)) throw new Refusal('tooManyConnections')
    deadlines.set(id, STEP_WITHIN_MS)
  }

  function leave({ id }: Pick<SMTPServerSession, 'id'>): void {
    deadlines.stop(id)
    crowd.leave(id)
  }

  /** Bounces have no sender; they are refused with their text, because other servers ask in this way whether an address exists. */
  function sender({ id }: SMTPServerSession): void {
    deadlines.set(id, STEP_WITHIN_MS)
  }

  function recipient(address: string, { id, remoteAddress }: SMTPServerSession): void {
    const found = mailroom.addressees([address.toLowerCase()])
    const [known] = found
    if (!known?.facts.verified) {
      // Counted where there is something to count it for.
      mailroom.open(found)
      within('inboundAuthFail', remoteAddress, 'tooManyGuesses')
      throw new Refusal('noSuchAddress')
    }
    if (mailroom.open(found).length === 0) throw new Refusal('switchedOff')
    deadlines.set(id, STEP_WITHIN_MS)
  }

  async function text(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    deadlines.set(session.id, TEXT_WITHIN_MS)
    const collected = await collectText(stream, budget)
    deadlines.stop(session.id)
    try {
      if (collected.kind === 'lost') throw new Refusal(collected.why)
      try {
        await take(collected.bytes, session)
      } finally {
        collected.giveBack()
      }
    } finally {
      if (crowd.has(session.id)) deadlines.set(session.id, STEP_WITHIN_MS)
    }
  }

  async function take(bytes: Uint8Array<ArrayBuffer>, session: SMTPServerSession): Promise<void> {
    within('emailInbound', 'all', 'busy')
    const { envelope, remoteAddress, hostNameAppearsAs } = session
    const mailFrom = envelope.mailFrom ? envelope.mailFrom.address : ''
    const reading = await readers.read(bytes, { ip: plainAddress(remoteAddress), helo: hostNameAppearsAs, mailFrom })
    if (reading === 'busy') throw new Refusal('busy')
    if (reading.kind === 'flawed') throw new Refusal('flawed', reading.reason)
    // Looked up again: a channel may have been switched off or deleted since its address was accepted.
    const waiting = mailroom.open(mailroom.addressees(envelope.rcptTo.map(({ address }) => address.toLowerCase())))
    if (waiting.length === 0) throw new Refusal('switchedOff')
    const delivered = await mailroom.deliver(reading.mail, waiting)
    if (delivered.kind === 'later') throw new Refusal('unsure')
    if (delivered.kind === 'refused') throw new Refusal(delivered.as)
  }

  function within(limit: 'inboundAuthFail' | 'emailInbound', whose: string, otherwise: 'tooManyGuesses' | 'busy'): void {
    try {
      limits.consume(limit, whose)
    } catch (error) {
      throw error instanceof RelayError ? new Refusal(otherwise) : error
    }
  }

  return {
    greet,
    leave,
    sender,
    recipient,
    text,
    /** Whatever goes wrong that is no answer of ours passes: the mail stays with who has it. */
    asRefusal(error: unknown): Refusal {
      if (error instanceof Refusal) return error
      if (!(error instanceof RelayError)) log.error({ err: error }, 'a mail could not be taken')
      return new Refusal('notStored')
    },
  }
}

export type Conversations = ReturnType<typeof createConversations>

/** IPv4 as itself also where it comes through an IPv6 socket. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
}
