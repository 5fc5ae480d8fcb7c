import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../database/open.ts'
import type { Conversation } from '../inbox/model.ts'
import type { ApprovalRow } from './model.ts'

/** The conversation a request is asked in, or why nobody can be asked there. client:APR6 */
export async function findPlace(
  db: Database,
  { profileId, channelId, conversation }: ApprovalRow,
  channelOf: (profileId: string, channelId: string) => Promise<ChannelConfig | undefined>,
): Promise<Conversation | string> {
  if (channelId === undefined) return 'the request names a conversation and no channel.'
  const channel = await channelOf(profileId, channelId)
  if (!channel) return 'this browser does not know the channel.'
  if (channel.type === 'webhook') return 'a webhook answers nothing.'
  if (channel.direction === 'inbound') return 'the channel only receives.'
  if (!channel.enabled) return 'the channel is switched off.'
  if (conversation === undefined) return onlyConversation(db, profileId, channelId)
  const name = channel.type === 'email' ? conversation.toLowerCase() : conversation
  for (const id of [`${channelId}:${name}`, name]) {
    const found = await db.get('conversations', [profileId, id])
    if (found?.channelId === channelId) return found
  }
  return 'nobody has written to this browser from that conversation.'
}

/** Which one is meant must be beyond doubt. */
async function onlyConversation(db: Database, profileId: string, channelId: string): Promise<Conversation | string> {
  const all = await db.getAll('conversations', IDBKeyRange.bound([profileId], [profileId, []]))
  const [found, another] = all.filter((one) => one.channelId === channelId)
  if (found && !another) return found
  return 'the request does not say in which conversation.'
}
