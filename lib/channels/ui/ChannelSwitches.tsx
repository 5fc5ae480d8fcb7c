import { i18n } from '#i18n'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { channelFacts } from '../facts.ts'
import type { ChannelEditor } from './channelChange.ts'

/** What a channel does, beyond being on. client:CHN1 */
export function ChannelSwitches({ editor: { config, failures, save } }: { editor: ChannelEditor }) {
  const failure = failures.direction ?? failures.mentionOnly ?? failures.runInBackground ?? failures.notifyOnComplete
  return (
    <div class="stack wizard-gap">
      <div class="switches">
        <Switch
          on={config.direction === 'bidirectional'}
          onChange={(on) => void save({ direction: on ? 'bidirectional' : 'inbound' })}
        >
          {i18n.t('channels.twoWay')}
        </Switch>
        {config.type === 'discord' && (
          <Switch on={channelFacts(config).mentionOnly ?? false} onChange={(mentionOnly) => void save({ mentionOnly })}>
            {i18n.t('channels.mentionOnly')}
          </Switch>
        )}
        <Switch on={config.runInBackground ?? false} onChange={(runInBackground) => void save({ runInBackground })}>
          {i18n.t('channels.background')}
        </Switch>
        <Switch on={config.notifyOnComplete ?? false} onChange={(notifyOnComplete) => void save({ notifyOnComplete })}>
          {i18n.t('channels.notify')}
        </Switch>
      </div>
      <FailureNote failure={failure} lead={(reason) => i18n.t('channels.notSaved', { reason })} />
    </div>
  )
}
