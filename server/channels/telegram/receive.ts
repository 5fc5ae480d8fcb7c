import type { Api } from 'grammy'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { allowedUsers, type Pairing } from '../pairing.ts'
import type { ChannelHost } from '../port.ts'
import { signalFor } from './client.ts'
import { type Received, readUpdate } from './inbound.ts'
import { rememberMigration } from './migration.ts'
import { type TelegramUpdate, updateSchema } from './update.ts'

/** A courtesy to the chat (a confirmation, a tap answered) must not hold up the messages behind it longer. */
const COURTESY_TIMEOUT_MS = 10_000

export type Receive = ReturnType<typeof createReceive>

/**
 * Takes in one update, from polling or webhook: pairing, refusal, or a message stored. `positions` are committed with it, also when there is
 * nothing to store. Resolves after the commit, with the id of a stored message. relay:TG3, TG5, DUR1
 */
export function createReceive({ host, pairing, log }: { host: ChannelHost; pairing: Pairing; log: Pick<Log, 'warn'> }) {
  async function receive(
    channel: ChannelRecord,
    api: Api,
    update: TelegramUpdate,
    positions: { key: string; value: string }[],
  ): Promise<string | undefined> {
    const migratedTo = update.message?.migrate_to_chat_id
    const received = migratedTo === undefined ? readUpdate(update) : undefined
    if (update.message && migratedTo !== undefined) {
      await rememberMigration(host, channel.id, String(update.message.chat.id), String(migratedTo))
    }
    const messageId = received && (await take(channel, api, received, positions))
    if (messageId === undefined) for (const { key, value } of positions) await host.setPosition(channel.id, key, value)
    if (messageId !== undefined && update.callback_query) {
      await politely(channel, (signal) => api.answerCallbackQuery(update.callback_query?.id ?? '', undefined, signal))
    }
    return messageId
  }

  async function take(
    channel: ChannelRecord,
    api: Api,
    { inbound, ...sender }: Received,
    positions: { key: string; value: string }[],
  ): Promise<string | undefined> {
    const admission = await pairing.admit(channel.id, {
      id: sender.senderId,
      chat: sender.chatId,
      private: sender.private,
      text: sender.text,
    })
    if (admission.admitted) return (await host.ingest(channel, { ...inbound, positions })).messageId
    const { answer } = admission
    if (answer) await politely(channel, (signal) => api.sendMessage(sender.chatId, answer, undefined, signal))
    return undefined
  }

  async function politely(channel: ChannelRecord, call: (signal: ReturnType<typeof signalFor>) => Promise<unknown>): Promise<void> {
    try {
      await call(signalFor(AbortSignal.timeout(COURTESY_TIMEOUT_MS)))
    } catch {
      log.warn({ channelId: channel.id }, 'Telegram did not take an answer to a chat.')
    }
  }

  return receive
}

/** The update, or undefined when it is not one we understand. `id` is there for anything that numbers itself. */
export function parseUpdate(value: unknown): { id: number | undefined; update: TelegramUpdate | undefined } {
  const parsed = updateSchema.safeParse(value)
  if (parsed.success) return { id: parsed.data.update_id, update: parsed.data }
  const numbered = updateSchema.pick({ update_id: true }).safeParse(value)
  return { id: numbered.data?.update_id, update: undefined }
}

/** What a working connection means for the owner. */
export function connectedStatus(channel: ChannelRecord): { state: 'ok' } | { state: 'waiting_pairing'; detail: string } {
  if (allowedUsers(channel).length > 0) return { state: 'ok' }
  return { state: 'waiting_pairing', detail: `Send the pairing code to @${channel.platform.botUsername} in a private chat.` }
}
