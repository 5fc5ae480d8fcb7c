import type { API } from '@discordjs/core/http-only'
import { MAX_ATTACHMENT_BYTES } from '#protocol/limits.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { DeliveryFailure } from '../port.ts'
import { readAtMost } from '../readAtMost.ts'
import type { DiscordClients } from './client.ts'
import { type FileSource, readFileSource } from './fileSource.ts'
import { messageSchema } from './message.ts'
import { attachmentsOf } from './placeholder.ts'
import { explain, isTrouble, readTrouble } from './trouble.ts'

const DOWNLOAD_TIMEOUT_MS = 60_000
/** Where Discord keeps what people send. */
const FILE_HOSTS: ReadonlySet<string> = new Set(['https://cdn.discordapp.com', 'https://media.discordapp.net'])

/** Fetches a file of a message, at most 5 MiB, from Discord's file hosts or the configured API's host and from nowhere else. relay:ATT6, ATT1 */
export function createDownload(relay: { clients: DiscordClients; apiRoot: string; fetch: typeof fetch }) {
  const { clients, fetch } = relay
  const apiOrigin = new URL(relay.apiRoot).origin

  return async function fetchFile(channel: ChannelRecord, text: string): Promise<{ bytes: Uint8Array; mimeType: string }> {
    const source = readFileSource(text)
    const first = await download(source.url)
    const answer = isOver(first) ? await download(await freshUrl(channel, source)) : first
    if (answer.status >= 500 || answer.status === 429) throw later('Discord did not deliver the file.')
    if (!answer.ok) throw gone('Discord does not have the file any more.')
    const bytes = await readAtMost(answer, MAX_ATTACHMENT_BYTES).catch(() => {
      throw later('Discord did not deliver the whole file.')
    })
    if (!bytes) throw gone('The file is larger than 5 MiB.')
    return { bytes, mimeType: source.mimeType }
  }

  async function download(url: string): Promise<Response> {
    const { origin } = URL.parse(url) ?? {}
    if (origin === undefined || !(FILE_HOSTS.has(origin) || origin === apiOrigin))
      throw gone('The file is not at a host of Discord.')
    try {
      return await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) })
    } catch (cause) {
      throw later('Discord did not deliver the file.', cause)
    }
  }

  /** Addresses end after a day; the message tells the new one. */
  async function freshUrl(channel: ChannelRecord, { channelId, messageId, attachmentId }: FileSource): Promise<string> {
    const api = await clients.of(channel)
    if (!api) throw gone('The bot of this channel is not connected.')
    const message = messageSchema.safeParse(await ask(api, channelId, messageId))
    const attachment = message.success && attachmentsOf(message.data).find(({ id }) => id === attachmentId)
    if (!attachment) throw gone('Discord does not have the file any more.')
    return attachment.url
  }
}

async function ask(api: API, channelId: string, messageId: string): Promise<unknown> {
  try {
    return await api.channels.getMessage(channelId, messageId)
  } catch (error) {
    if (!isTrouble(error)) throw error
    const trouble = readTrouble(error)
    throw trouble.kind === 'refused' ? gone('Discord does not have the file any more.') : later(explain(trouble))
  }
}

function isOver({ status }: Response): boolean {
  return status === 403 || status === 404 || status === 410
}

function gone(reason: string): DeliveryFailure {
  return new DeliveryFailure(reason, { permanent: true })
}

function later(reason: string, cause?: unknown): DeliveryFailure {
  return new DeliveryFailure(reason, { permanent: false, cause })
}
