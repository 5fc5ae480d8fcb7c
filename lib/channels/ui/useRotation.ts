import { useState } from 'preact/hooks'
import type { SigningScheme } from '#protocol/channel.ts'
import { useAction } from '../../ui/action.ts'
import type { ChannelActions, Rotated } from './actions.ts'

/** What a webhook's card can do with its secrets. */
export type Rotation = { which: 'url' } | { which: 'signing'; scheme: SigningScheme | 'none' }

/** Renews a secret, and holds what came out only until it is put away. client:CHN3 */
export function useRotation(channelId: string, rotateSecret: ChannelActions['rotateSecret']) {
  const [made, setMade] = useState<Rotated & Rotation>()
  const action = useAction(async (wanted: Rotation) => {
    const rotated = await rotateSecret(channelId, wanted)
    setMade(rotated.secret === '' ? undefined : { ...rotated, ...wanted })
  })
  return { ...action, made, putAway: () => setMade(undefined) }
}
