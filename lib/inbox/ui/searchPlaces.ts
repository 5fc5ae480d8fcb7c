import type { ChannelConfig } from '#protocol/channel.ts'
import { channelName } from '../../ui/channelName.ts'
import type { Conversation } from '../model.ts'
import type { Places } from '../search/find.ts'
import { fold } from '../search/fold.ts'

/**
 * The conversations a search is about: those the list is narrowed to, and of them those whose name, channel or kind of channel one of the
 * `in:` names is part of. All of them without either. client:SRC3
 */
export function placesOf(
  names: readonly string[],
  scope: Places,
  conversations: readonly Conversation[],
  channels: readonly ChannelConfig[] | undefined,
): Places {
  if (names.length === 0) return scope
  const nameOf = new Map(channels?.map(({ id, name, agentId }) => [id, `${name ?? ''}\n${agentId}`]))
  const fitting = conversations.filter(({ id, title, channelId, channelType }) => {
    const known = fold([title, channelType, channelName(channelType), nameOf.get(channelId) ?? ''].join('\n'))
    return (scope?.has(id) ?? true) && names.some((name) => known.includes(name))
  })
  return new Set(fitting.map(({ id }) => id))
}
