import type { ChannelConfig } from '#protocol/channel.ts'
import type { Metadata } from '#protocol/message.ts'
import type { Answer, Handler, OwnerRoute, Route, SessionRequest } from '../http/route.ts'

/** What a phone may do with channels; whoever holds it cannot see or renew an address, nor add a bot. relay:DEV2 */
const MIRRORED = [
  'GET /channels',
  'PATCH /channels/:id',
  'DELETE /channels/:id',
  'POST /channels/:id/pairing',
  'POST /channels/:id/verification',
]

/** Metadata that is neither an address to post to nor a secret, nor somebody's own notes. */
const SHOWN_METADATA = [
  'allowedUsers',
  'allowedSenders',
  'mentionOnly',
  'jsonFormat',
  'botUsername',
  'inboundAddress',
  'userEmail',
  'verified',
]

/** The same routes below /app, for who proves it by `owner`. Their answers hold no URLs and no codes, the code just asked for excepted. */
export function mirrorRoutes(routes: readonly OwnerRoute[], owner: (handler: Handler<SessionRequest>) => Handler): Route[] {
  return routes
    .filter(({ method, path }) => MIRRORED.includes(`${method} ${path}`))
    .map(({ limit: _, handle, ...route }) => ({
      ...route,
      path: `/app${route.path}`,
      handle: owner(async (request) => withoutAddresses(await handle(request))),
    }))
}

function withoutAddresses(answer: Answer): Answer {
  if (!('json' in answer)) return answer
  const json = answer.json as { channel?: ChannelConfig; channels?: ChannelConfig[] }
  return {
    ...answer,
    json: {
      ...json,
      ...(json.channel && { channel: toDeviceChannel(json.channel) }),
      ...(json.channels && { channels: json.channels.map(toDeviceChannel) }),
    },
  }
}

/** A channel as the device page knows it. */
export function toDeviceChannel({ webhookUrl: _, inboundUrl: __, metadata, ...channel }: ChannelConfig): ChannelConfig {
  const shown: Metadata = {}
  for (const name of SHOWN_METADATA) if (metadata[name] !== undefined) shown[name] = metadata[name]
  return { ...channel, metadata: shown }
}
