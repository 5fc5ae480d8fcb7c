import type { Metadata } from '#protocol/message.ts'
import { channelPatchSchema } from '#protocol/requests.ts'
import { jsonBody } from '../http/json.ts'
import type { ChannelRecord } from '../store/records.ts'
import { checkSizes } from './fields.ts'

const FIELDS = ['name', 'prompt', 'agentId', 'enabled', 'direction', 'runInBackground', 'notifyOnComplete'] as const
const SETTINGS = ['mentionOnly', 'jsonFormat', 'allowedUsers', 'allowedSenders'] as const

export type ChannelPatch = { change: (channel: ChannelRecord) => ChannelRecord; ignored: string[] }

/** What PATCH /channels/:id asks for. Throws invalid_field; `change` throws content_too_large. relay:CH8, CH5 */
export function readPatch(body: Buffer): ChannelPatch {
  const patch = jsonBody(channelPatchSchema, body)
  const settings: Metadata = { ...picked(patch.metadata ?? {}, SETTINGS), ...picked(patch, SETTINGS) }
  for (const name of ['allowedUsers', 'allowedSenders'])
    if (Array.isArray(settings[name])) settings[name] = settings[name].map(String)
  const fields = picked(patch, FIELDS)
  return {
    ignored: [
      ...unknownNames(patch, [...FIELDS, ...SETTINGS, 'metadata']),
      ...unknownNames(patch.metadata ?? {}, SETTINGS).map((name) => `metadata.${name}`),
    ],
    change(channel) {
      if (Object.keys(fields).length === 0 && Object.keys(settings).length === 0) return channel
      const changed = { ...channel, ...fields, metadata: { ...channel.metadata, ...settings } }
      checkSizes(changed)
      return changed
    },
  }
}

/** The members of an object that are set. */
function picked<T extends object, K extends keyof T>(object: T, names: readonly K[]): { [N in K]?: Exclude<T[N], undefined> } {
  const found: { [N in K]?: Exclude<T[N], undefined> } = {}
  for (const name of names) {
    const value = object[name]
    if (value !== undefined) found[name] = value as Exclude<T[K], undefined>
  }
  return found
}

function unknownNames(object: object, known: readonly string[]): string[] {
  return Object.keys(object).filter((name) => !known.includes(name))
}
