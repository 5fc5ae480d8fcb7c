import { type DeviceLink, deviceLinkSchema } from '#protocol/device.ts'
import { Failure } from '../messaging/failure.ts'
import type { RelayClient } from './http.ts'
import { NOT_UNDERSTOOD } from './sentences.ts'

/** A link to the relay's device page. It is told to the page that asks and kept nowhere. client:LNK1 */
export async function makeDeviceLink(client: Pick<RelayClient, 'ask'>, profileId: string): Promise<Omit<DeviceLink, 'token'>> {
  const { url, expiresInSeconds } = await client.ask(
    profileId,
    { method: 'POST', target: '/app/device-link', body: {} },
    deviceLinkSchema,
  )
  if (!/^https?:\/\//.test(url)) throw new Failure('bad_answer', NOT_UNDERSTOOD)
  return { url, expiresInSeconds }
}
