import { i18n } from '#i18n'
import { channelName } from '../../ui/channelName.ts'
import type { InboxMessage, Reply } from '../model.ts'
import type { ThreadItem } from '../thread.ts'

/** One hop of a message. Without a time it has not come there yet, or nobody says when it did. */
export type Step = { name: string; state: 'done' | 'waiting' | 'failed'; at?: number; note?: string }

export type Delivery = { steps: Step[]; ids: { name: string; value: string }[] }

/** The way of a message, hop by hop, with what is known of each. client:DLV1 */
export function deliveryOf(item: ThreadItem): Delivery {
  return item.kind === 'reply' ? outward(item.reply) : inward(item.message)
}

function inward({ metadata, channelType, at, storedAt, id }: InboxMessage): Delivery {
  const channel = channelName(channelType)
  const sentAt = typeof metadata.sentAt === 'string' ? Date.parse(metadata.sentAt) : Number.NaN
  return {
    steps: [
      Number.isNaN(sentAt)
        ? { name: i18n.t('delivery.from', { channel }), state: 'done', note: i18n.t('delivery.unknown') }
        : { name: i18n.t('delivery.from', { channel }), state: 'done', at: sentAt },
      { name: i18n.t('delivery.relay'), state: 'done', at },
      { name: i18n.t('delivery.here'), state: 'done', at: storedAt },
    ],
    ids: [{ name: i18n.t('delivery.relayId'), value: id }],
  }
}

function outward(reply: Reply): Delivery {
  const { plannedFor, channelType, clientId, responseId, platformMessageId, elsewhere } = reply
  const channel = channelName(channelType)
  return {
    steps: [
      ...(plannedFor === undefined ? [] : [{ name: i18n.t('delivery.planned'), state: 'done' as const, at: plannedFor }]),
      { name: i18n.t('delivery.written'), state: 'done', at: reply.createdAt },
      toRelay(reply),
      toPlatform(reply, channelType === 'webhook' ? i18n.t('delivery.readable') : i18n.t('delivery.platform', { channel })),
    ],
    ids: [
      ...(elsewhere ? [] : [{ name: i18n.t('delivery.id'), value: clientId }]),
      ...(responseId === undefined ? [] : [{ name: i18n.t('delivery.relayId'), value: responseId }]),
      ...(platformMessageId === undefined ? [] : [{ name: i18n.t('delivery.platformId', { channel }), value: platformMessageId }]),
    ],
  }
}

function toRelay(reply: Reply): Step {
  const { state, responseId, handedAt, tries = 0, trouble } = reply
  const name = i18n.t('delivery.relay')
  const attempts = tries > 1 ? i18n.t('delivery.tries', tries) : undefined
  if (state === 'sending') return { name, state: 'waiting', note: words(attempts, trouble) ?? i18n.t('delivery.waiting') }
  if (responseId === undefined) return { name, state: 'failed', ...noted(words(attempts, state === 'failed' && reply.reason)) }
  return { name, state: 'done', ...(handedAt !== undefined && { at: handedAt }), ...noted(words(attempts)) }
}

function toPlatform(reply: Reply, name: string): Step {
  const { state, responseId, statusAt, handedAt, attempts = 0, trouble, doubt } = reply
  const tries = attempts > 1 ? i18n.t('delivery.tries', attempts) : undefined
  if (state === 'failed' && responseId !== undefined)
    return { name: i18n.t('delivery.failed'), state: 'failed', ...timed(statusAt), ...noted(words(tries, reply.reason)) }
  if (state !== 'sent')
    return { name, state: 'waiting', note: (state === 'queued' && words(tries, trouble)) || i18n.t('delivery.waiting') }
  return { name, state: 'done', ...timed(statusAt ?? handedAt), ...noted(words(tries, doubt)) }
}

const timed = (at: number | undefined): { at?: number } => (at === undefined ? {} : { at })
const noted = (note: string | undefined): { note?: string } => (note === undefined ? {} : { note })

/** Those that are there, as sentences. */
function words(...parts: (string | undefined | false)[]): string | undefined {
  const said = parts.filter((part): part is string => typeof part === 'string' && part !== '')
  return said.length === 0 ? undefined : said.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(' ')
}
