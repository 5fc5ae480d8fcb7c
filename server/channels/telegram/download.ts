import { type Api, GrammyError, HttpError } from 'grammy'
import { MAX_ATTACHMENT_BYTES } from '#protocol/limits.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { DeliveryFailure } from '../port.ts'
import { readAtMost } from '../readAtMost.ts'
import type { TelegramClients } from './client.ts'
import { readFileSource } from './fileSource.ts'
import { explain, readTrouble } from './trouble.ts'

const DOWNLOAD_TIMEOUT_MS = 60_000

/** Fetches a file of a message by its Telegram id, at most 5 MiB. No error names the address, which holds the token. relay:ATT6, ATT1 */
export function createDownload(relay: { clients: TelegramClients; apiRoot: string; fetch: typeof fetch }) {
  return async function fetchFile(channel: ChannelRecord, source: string): Promise<{ bytes: Uint8Array; mimeType: string }> {
    const api = relay.clients.of(channel)
    const token = relay.clients.tokenOf(channel)
    if (!api || token === undefined) throw gone('The bot of this channel is not connected.')
    const { fileId, mimeType } = readFileSource(source)
    const path = (await filePath(api, fileId)).split('/')
    if (path.includes('..')) throw gone('Telegram named the file in a way that cannot be.')
    const address = `${relay.apiRoot}/file/bot${token}/${path.map(encodeURIComponent).join('/')}`
    const response = await relay
      .fetch(address, { redirect: 'error', signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) })
      .catch(() => undefined)
    if (!response || response.status >= 500 || response.status === 429) throw later('Telegram did not deliver the file.')
    if (!response.ok || !response.body) throw gone('Telegram does not have the file any more.')
    return { bytes: await readFile(response), mimeType }
  }
}

async function filePath(api: Api, fileId: string): Promise<string> {
  try {
    const { file_path } = await api.getFile(fileId)
    if (file_path !== undefined) return file_path
  } catch (error) {
    if (!(error instanceof GrammyError || error instanceof HttpError)) throw error
    const trouble = readTrouble(error)
    throw trouble.kind === 'refused' ? gone(explain(trouble)) : later(explain(trouble))
  }
  throw gone('Telegram does not have the file any more.')
}

async function readFile(response: Response): Promise<Uint8Array> {
  const bytes = await readAtMost(response, MAX_ATTACHMENT_BYTES).catch(() => {
    throw later('Telegram did not deliver the whole file.')
  })
  if (!bytes) throw gone('The file is larger than 5 MiB.')
  return bytes
}

function gone(reason: string): DeliveryFailure {
  return new DeliveryFailure(reason, { permanent: true })
}

function later(reason: string): DeliveryFailure {
  return new DeliveryFailure(reason, { permanent: false })
}
