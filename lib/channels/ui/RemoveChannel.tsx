import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { channelFacts, channelTitle } from '../facts.ts'
import type { ChannelActions } from './actions.ts'

/** Removing asks first and says what stops working. client:CHN2 */
export function RemoveChannel({ config, remove }: { config: ChannelConfig; remove: ChannelActions['remove'] }) {
  const [asking, setAsking] = useState(false)
  const removal = useAction(() => remove(config.id))
  const name = channelTitle(config)
  return (
    <>
      <Button small kind="quiet" class="btn-plain-danger" onClick={() => setAsking(true)}>
        {i18n.t('channels.removeChannel')}
      </Button>
      {asking && (
        <ConfirmDialog
          title={name ? i18n.t('channels.removeTitle', { name }) : i18n.t('channels.removeUnnamed')}
          confirm={i18n.t('channels.removeChannel')}
          danger
          busy={removal.busy}
          failure={removal.failure}
          onConfirm={() => void removal.run()}
          onCancel={() => {
            removal.reset()
            setAsking(false)
          }}
        >
          <p>{whatStops(config)}</p>
          <p>{i18n.t('channels.keeps')}</p>
        </ConfirmDialog>
      )}
    </>
  )
}

function whatStops(config: ChannelConfig): string {
  if (config.type === 'webhook') return i18n.t('channels.stops.webhook')
  if (config.type !== 'email') return i18n.t('channels.stops.bot')
  return i18n.t('channels.stops.email', { address: channelFacts(config).inboundAddress ?? channelTitle(config) })
}
