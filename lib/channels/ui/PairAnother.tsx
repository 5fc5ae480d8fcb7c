import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import type { ChannelActions } from './actions.ts'

type Props = { config: ChannelConfig; actions: ChannelActions; showCode: () => void }

/** A new code for a bot that knows someone already; those stay allowed. relay:PAIR5 */
export function PairAnother({ config, actions, showCode }: Props) {
  const pair = useAction(async () => {
    await actions.newPairingCode(config.id)
    showCode()
  })
  return (
    <>
      <Button small disabled={pair.busy} onClick={() => void pair.run()}>
        {i18n.t('channels.pairAnother')}
      </Button>
      <FailureNote failure={pair.failure} />
    </>
  )
}
