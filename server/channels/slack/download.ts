import { SlackError, type WebClient } from '@slack/web-api'
import * as z from 'zod'
import { MAX_ATTACHMENT_BYTES } from '#protocol/limits.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { DeliveryFailure } from '../port.ts'
import { readAtMost } from '../readAtMost.ts'
import type { SlackClients } from './client.ts'
import { isFileAddress } from './fileHosts.ts'
import { readFileSource } from './fileSource.ts'
import { explain, readTrouble } from './trouble.ts'

const DOWNLOAD_TIMEOUT_MS = 60_000

const infoSchema = z.object({
  file: z.object({ url_private: z.string().nullish(), url_private_download: z.string().nullish(), mimetype: z.string().nullish() }),
})

/**
 * Fetches a file of a message, at most 5 MiB. The bot token goes to Slack's file hosts only, and follows no redirect: whoever may not have a
 * file is sent to a login page. relay:ATT6, ATT1
 */
export function createDownload(relay: { clients: SlackClients; apiRoot: string; fetch: typeof fetch }) {
  const { clients, apiRoot } = relay

  return async function fetchFile(channel: ChannelRecord, source: string): Promise<{ bytes: Uint8Array; mimeType: string }> {
    const api = clients.of(channel)
    const token = clients.botToken(channel)
    if (!api || token === undefined) throw gone('The bot of this channel is not connected.')
    const { id, mimeType: told, url } = readFileSource(source)
    const { address, mimeType } = url === undefined ? await askFor(api, id) : { address: url, mimeType: told }
    if (!isFileAddress(address, apiRoot)) throw gone('The file does not lie at Slack.')
    const answer = await relay
      .fetch(address, {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'manual',
        signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS),
      })
      .catch((cause: unknown) => {
        throw later('Slack did not deliver the file.', cause)
      })
    if (answer.status >= 500 || answer.status === 429) throw later('Slack did not deliver the file.')
    const isLogin = mimeType !== 'text/html' && (answer.headers.get('content-type') ?? '').startsWith('text/html')
    if ((answer.status >= 300 && answer.status < 400) || isLogin) throw await refusal(api, id)
    if (!answer.ok) throw gone('Slack does not have the file any more.')
    return { bytes: await readFile(answer), mimeType }
  }
}

/** Why Slack shows its login page instead of a file. */
async function refusal(api: WebClient, id: string): Promise<DeliveryFailure> {
  try {
    await askFor(api, id)
    return gone('Slack does not give this file to the app.')
  } catch (error) {
    if (error instanceof DeliveryFailure) return error
    throw error
  }
}

async function askFor(api: WebClient, id: string): Promise<{ address: string; mimeType: string }> {
  try {
    const { data } = infoSchema.safeParse(await api.files.info({ file: id }))
    const address = data?.file.url_private_download ?? data?.file.url_private
    if (data && address) return { address, mimeType: data.file.mimetype ?? 'application/octet-stream' }
  } catch (error) {
    if (!(error instanceof SlackError)) throw error
    const trouble = readTrouble(error)
    throw trouble.kind === 'refused' ? gone(explain(trouble)) : later(explain(trouble))
  }
  throw gone('Slack does not have the file any more.')
}

async function readFile(answer: Response): Promise<Uint8Array> {
  const bytes = await readAtMost(answer, MAX_ATTACHMENT_BYTES).catch(() => {
    throw later('Slack did not deliver the whole file.')
  })
  if (!bytes) throw gone('The file is larger than 5 MiB.')
  return bytes
}

function gone(reason: string): DeliveryFailure {
  return new DeliveryFailure(reason, { permanent: true })
}

function later(reason: string, cause?: unknown): DeliveryFailure {
  return new DeliveryFailure(reason, { permanent: false, cause })
}
