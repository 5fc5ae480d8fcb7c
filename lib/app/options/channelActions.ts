import { useMemo } from 'preact/hooks'
import type { ChannelActions } from '../../channels/ui/actions.ts'
import type { PageContext } from '../page.ts'
import { addChannel } from './addChannel.ts'
import { waitForMessage } from './waitForMessage.ts'

/** What the channels page can ask for, bound to the profile in view. */
export function useChannelActions(page: PageContext): ChannelActions {
  return useMemo(() => {
    const { channels, channelChores, profileId } = page
    return {
      add: (guess, options) => addChannel(page, guess, options),
      registerAgain: async (channelId, anew) => (await channels.registerAgain({ profileId, channelId, anew })).channelId,
      refresh: () => channels.refresh({ profileId }),
      change: (channelId, change) => channels.change({ profileId, channelId, change }),
      remove: (channelId) => channels.remove({ profileId, channelId }),
      newPairingCode: (channelId) => channels.newPairingCode({ profileId, channelId }),
      resendVerification: (channelId) => channels.resendVerification({ profileId, channelId }),
      rotateSecret: (channelId, wanted) => channels.rotateSecret({ profileId, channelId, ...wanted }),
      async sendTest(channelId) {
        const start = performance.now()
        const { messageId } = await channels.sendTest({ profileId, channelId })
        await waitForMessage(page, messageId)
        return { ms: performance.now() - start }
      },
      dismissStep: (channelId) => channelChores.dismissStep({ profileId, channelId }),
    }
  }, [page])
}
