import { useEffect, useState } from 'preact/hooks'
import type { ChannelType } from '#protocol/message.ts'
import { channelFacts } from '../../channels/facts.ts'
import type { ReadyGuess } from '../../channels/pasteGuess.ts'
import type { AddOptions } from '../../channels/ui/actions.ts'
import { useTodo } from '../../channels/ui/todo.ts'
import { useRefreshWhileWaiting } from '../../channels/ui/waiting.ts'
import type { Connection } from '../../relay/state.ts'
import { useAction } from '../../ui/action.ts'
import type { PageContext } from '../page.ts'
import { useChannelActions } from './channelActions.ts'
import type { Shared } from './shared.ts'

const NONE: readonly never[] = []
/** In these the relay is not asked, because the user said so or must decide first. client:SOC9, PIN4 */
const SILENT: readonly Connection['state'][] = ['stopped', 'blocked', 'identity_lost']
/** What follows when a channel was added. */
const FIRST_STEP = { telegram: 'pair', discord: 'pair', slack: 'pair', email: 'verify', webhook: 'try_webhook' } as const

/** Adding channels and what follows from it, for the pages that offer it; their list is asked for meanwhile. client:CON1-CON8, WIZ6, WIZ7 */
export function useAdding(page: PageContext, shared: Shared) {
  const actions = useChannelActions(page)
  const channels = shared.channels.value
  const todo = useTodo(shared.steps.value ?? NONE, channels ?? NONE)
  /** The channel whose card should take the focus. */
  const [arrived, setArrived] = useState<string>()
  const refresh = useAction(actions.refresh)
  const state = shared.connection.value?.now?.state
  const mayAsk = state !== undefined && !SILENT.includes(state)
  useEffect(() => {
    if (mayAsk) void refresh.run()
  }, [mayAsk, shared.profile.value?.relayUrl, state === 'connected'])
  useRefreshWhileWaiting(mayAsk && todo.waiting, actions.refresh)

  const present = (channelId: string, channelType: ChannelType, more: { pairedBefore?: number } = {}): void => {
    todo.show({ channelId, kind: FIRST_STEP[channelType], channelType, ...more })
    setArrived(channelId)
  }
  const add = async (guess: ReadyGuess, options: AddOptions): Promise<void> => {
    const { channelId, type } = await actions.add(guess, options)
    // A bot that knew somebody before is done by having a token again.
    const before = channels?.find(({ id }) => id === channelId)
    const paired = before !== undefined && channelFacts(before.config).allowedUsers.length > 0
    present(channelId, type, paired ? { pairedBefore: 0 } : {})
  }
  return { actions, todo, arrived, present, add, failure: refresh.failure }
}
