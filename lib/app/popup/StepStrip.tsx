import { ListTodo } from 'lucide-preact'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import type { Step } from '../../channels/model.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { channelName } from '../../ui/channelName.ts'
import { openOptions } from './windows.ts'

/** A channel that is not finished yet leads back to where it is. client:WIZ7 */
export function StepStrip({
  steps,
  channels,
}: {
  steps: readonly Step[] | undefined
  channels: readonly ChannelConfig[] | undefined
}) {
  const step = steps?.[0]
  if (!step) return null
  const name = channels?.find(({ id }) => id === step.channelId)?.name
  const type = channelName(step.channelType)
  return (
    <Banner
      kind="plain"
      icon={ListTodo}
      strip
      actions={
        <Button small onClick={() => void openOptions('#/channels')}>
          {i18n.t('popup.step.go')}
        </Button>
      }
    >
      {i18n.t(`popup.step.${step.kind}`, { channel: name && name !== type ? `${type} (${name})` : type })}
    </Banner>
  )
}
