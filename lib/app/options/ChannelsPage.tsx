import { ShieldAlert } from 'lucide-preact'
import { useEffect, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import type { ReadyGuess } from '../../channels/pasteGuess.ts'
import { AddChannel } from '../../channels/ui/AddChannel.tsx'
import { ChannelList } from '../../channels/ui/ChannelList.tsx'
import { FinishSteps } from '../../channels/ui/FinishSteps.tsx'
import { useTodo } from '../../channels/ui/todo.ts'
import { useRefreshWhileWaiting } from '../../channels/ui/waiting.ts'
import { useAction } from '../../ui/action.ts'
import { Banner } from '../../ui/Banner.tsx'
import { href } from '../../ui/router.ts'
import type { PageContext } from '../page.ts'
import { useChannelActions } from './channelActions.ts'
import { attention } from './NavLinks.tsx'
import { PageHead } from './PageHead.tsx'
import { relayHost } from './relayHost.ts'
import { useNotOffered } from './relayOffers.ts'
import type { Shared } from './shared.ts'

const NONE: readonly never[] = []

/** Adding, finishing and looking after channels. client:CON1-CON8, WIZ1-WIZ8, CHN1, CHN2 */
export function ChannelsPage({ page, shared }: { page: PageContext; shared: Shared }) {
  const actions = useChannelActions(page)
  const channels = shared.channels.value
  const todo = useTodo(shared.steps.value ?? NONE, channels ?? NONE)
  const [arrived, setArrived] = useState<string>()
  const refresh = useAction(actions.refresh)
  const relayUrl = shared.profile.value?.relayUrl
  useEffect(() => {
    if (relayUrl !== undefined) void refresh.run()
  }, [relayUrl, shared.connection.value?.now?.state === 'connected'])
  useRefreshWhileWaiting(todo.left > 0, actions.refresh)

  const add = async (guess: ReadyGuess): Promise<void> => {
    const { channelId, type } = await actions.add(guess)
    if (type === 'webhook') todo.show({ channelId, kind: 'try_webhook', channelType: type })
    else todo.show({ channelId, kind: type === 'email' ? 'verify' : 'pair', channelType: type })
    setArrived(channelId)
  }
  const showCode = (config: ChannelConfig): void => {
    todo.show({ channelId: config.id, kind: 'pair', channelType: config.type })
    setArrived(config.id)
  }
  const needing = attention(shared)
  return (
    <>
      <PageHead title={i18n.t('options.channels')}>
        {i18n.t('channels.intro')} {needing > 0 && i18n.t('channels.needYou', needing)}
      </PageHead>
      {shared.connection.value?.now?.state === 'blocked' && (
        <Banner
          kind="fail"
          icon={ShieldAlert}
          actions={
            <a class="btn btn-sm btn-danger" href={href('connection')}>
              {i18n.t('connectionPage.blocked.compare')}
            </a>
          }
        >
          <b>{i18n.t('connectionPage.blocked.title')}.</b> {i18n.t('connectionPage.blocked.nothing')}
        </Banner>
      )}
      <section class="section" aria-labelledby="add">
        <h2 id="add" class="sr">
          {i18n.t('paste.label')}
        </h2>
        <AddChannel onAdd={add} notOffered={useNotOffered(page, shared)} />
      </section>
      <FinishSteps todo={todo} actions={actions} arrived={arrived} />
      <ChannelList
        channels={channels}
        relay={relayHost(shared)}
        actions={actions}
        showCode={showCode}
        stale={channels && channels.length > 0 ? refresh.failure : undefined}
      />
    </>
  )
}
