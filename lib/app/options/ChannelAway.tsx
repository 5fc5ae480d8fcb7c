import type { ChannelConfig } from '#protocol/channel.ts'
import { channelTitle } from '../../channels/facts.ts'
import { readAway } from '../../inbox/awayRecord.ts'
import { AwayMessage } from '../../inbox/ui/AwayMessage.tsx'
import { channelName } from '../../ui/channelName.ts'
import { useLive } from '../../ui/live.ts'
import type { PageContext } from '../page.ts'

/** What a channel answers by itself, on its card. client:CDD9 */
export function ChannelAway({ page, config }: { page: PageContext; config: ChannelConfig }) {
  const { db, profileId, chores } = page
  const read = useLive(
    async () => ({ away: await readAway(db, profileId, config.id) }),
    ['automations'],
    [db, profileId, config.id],
  )
  if (!read.value) return null
  return (
    <AwayMessage
      channel={channelTitle(config) || channelName(config.type)}
      away={read.value.away}
      oneWay={config.direction === 'inbound'}
      save={(away) => chores.setAway({ profileId, channelId: config.id, away })}
    />
  )
}
