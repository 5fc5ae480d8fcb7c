import type { WebClient } from '@slack/web-api'
import * as z from 'zod'
import { DeliveryFailure } from '../port.ts'
import { neverConnected } from './deliveryFailure.ts'
import { isFileAddress } from './fileHosts.ts'

/** Enough to upload 5 MiB on a slow line. */
const UPLOAD_TIMEOUT_MS = 60_000

const addressSchema = z.object({ upload_url: z.string(), file_id: z.string().min(1) })

type File = { filename: string; bytes: Uint8Array }
export type Upload = ReturnType<typeof createUpload>

/** Brings a file into a conversation in Slack's three steps, the bytes without any token; resolves with its id. relay:SL5 */
export function createUpload(relay: { apiRoot: string; fetch: typeof fetch }) {
  async function put(address: string, { bytes }: File): Promise<void> {
    const answer = await relay
      .fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(bytes),
        redirect: 'error',
        signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
      })
      .catch((error: unknown) => {
        throw later(neverConnected(error) ? 'Slack is not reachable.' : 'Slack did not take the whole file.')
      })
    await answer.body?.cancel()
    if (answer.ok) return
    if (answer.status >= 500 || answer.status === 429) throw later('Slack did not take the file.')
    throw new DeliveryFailure(`Slack refused the file (HTTP ${answer.status}).`, { permanent: true })
  }

  return async (api: WebClient, file: File, to: { channel: string; thread: string | undefined }): Promise<string> => {
    const { filename, bytes } = file
    const { data } = addressSchema.safeParse(await api.files.getUploadURLExternal({ filename, length: bytes.byteLength }))
    if (!data) throw later('Slack did not say where to upload the file.')
    if (!isFileAddress(data.upload_url, relay.apiRoot))
      throw new DeliveryFailure('Slack wants the file at an address that is not its own.', { permanent: true })
    await put(data.upload_url, file)
    await api.files.completeUploadExternal({
      files: [{ id: data.file_id, title: filename }],
      channel_id: to.channel,
      ...(to.thread !== undefined && { thread_ts: to.thread }),
    })
    return data.file_id
  }
}

/** Nothing is in the conversation yet: a further attempt cannot make it arrive twice. */
function later(reason: string): DeliveryFailure {
  return new DeliveryFailure(reason, { permanent: false })
}
