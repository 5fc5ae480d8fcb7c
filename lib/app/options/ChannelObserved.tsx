import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { useAction } from '../../ui/action.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { useLive } from '../../ui/live.ts'
import { Switch } from '../../ui/Switch.tsx'
import type { PageContext } from '../page.ts'

/** On a channel's card: only look at it, in this browser. client:OBS1 */
export function ChannelObserved({ page, config: { id } }: { page: PageContext; config: ChannelConfig }) {
  const { settings, profileId } = page
  const observed = useLive(() => settings.get({ profileId }), ['settings'], [page]).value?.observedChannels
  const change = useAction(async (on: boolean) => {
    const others = (observed ?? []).filter((other) => other !== id)
    await settings.set({ profileId, change: { observedChannels: on ? [...others, id] : others } })
  })
  if (!observed) return null
  return (
    <div class="stack">
      <Switch on={observed.includes(id)} describedBy={`observed-${id}`} onChange={(on) => void change.run(on)}>
        {i18n.t('channels.observe')}
      </Switch>
      <p class="small muted" id={`observed-${id}`}>
        {i18n.t('channels.observeHelp')}
      </p>
      <FailureNote failure={change.failure} />
    </div>
  )
}
