import { secretRotatedSchema } from '#protocol/http.ts'
import type { Database } from '../database/open.ts'
import type { Handlers } from '../messaging/define.ts'
import type { RelayClient } from '../relay/http.ts'
import type { channelMessages } from './messages.ts'
import { editChannel, endStep } from './store.ts'
import type { Vault } from './vault.ts'

type Rotate = Handlers<typeof channelMessages.table>['rotateSecret']

/** Renews a webhook's secrets, and what is kept of them for the day the relay loses the channel. client:CHN3, REC4 */
export function createRotation({ db, client, vault }: { db: Database; client: Pick<RelayClient, 'ask'>; vault: Vault }): Rotate {
  return async ({ profileId, channelId, which, scheme }) => {
    const request = {
      method: 'POST' as const,
      target: `/channels/${encodeURIComponent(channelId)}/rotate-secret`,
      body: { which, ...(scheme && { scheme }) },
    }
    const answer = await client.ask(profileId, request, secretRotatedSchema)
    const { secret, webhookUrl } = answer
    if (which === 'url') {
      await vault.keep(profileId, 'secret', channelId, secret)
      if (webhookUrl) await editChannel(db, profileId, channelId, (config) => ({ ...config, webhookUrl }))
      return answer
    }
    if (scheme === 'none') await vault.forget(profileId, channelId, ['signing'])
    else await vault.keep(profileId, 'signing', channelId, secret)
    await editChannel(db, profileId, channelId, (config) => {
      const { signingScheme: before = 'standard', ...metadata } = config.metadata
      return { ...config, metadata: scheme === 'none' ? metadata : { ...metadata, signingScheme: scheme ?? before } }
    })
    await endStep(db, profileId, channelId, 'renew_signing')
    return answer
  }
}
