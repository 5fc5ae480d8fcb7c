import { ShieldAlert } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { type ChannelType, channelTypes } from '#protocol/message.ts'
import { AddChannel } from '../../channels/ui/AddChannel.tsx'
import { ChannelList } from '../../channels/ui/ChannelList.tsx'
import { FinishSteps } from '../../channels/ui/FinishSteps.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { href, useRoute } from '../../ui/router.ts'
import type { PageContext } from '../page.ts'
import { ChannelAway } from './ChannelAway.tsx'
import { ChannelObserved } from './ChannelObserved.tsx'
import { attention } from './NavLinks.tsx'
import { PageHead } from './PageHead.tsx'
import { relayHost } from './relayHost.ts'
import { useNotOffered } from './relayOffers.ts'
import type { Shared } from './shared.ts'
import { useAdding } from './useAdding.ts'

/** Adding, finishing and looking after channels. client:CON1-CON8, WIZ1-WIZ8, CHN1, CHN2 */
export function ChannelsPage({ page, shared }: { page: PageContext; shared: Shared }) {
  const { actions, todo, arrived, present, add, failure } = useAdding(page, shared)
  const channels = shared.channels.value
  const state = shared.connection.value?.now?.state
  const { how, added, at } = useLinked()
  const isThere = (wanted: string | undefined): boolean => channels?.some(({ id }) => id === wanted) ?? false
  // Whoever leads here may be faster than the list.
  useEffect(() => {
    const channel = channels?.find(({ id }) => id === added)
    if (channel) present(channel.id, channel.config.type)
  }, [added, isThere(added)])
  useEffect(() => {
    if (at !== undefined) document.querySelector<HTMLElement>(`[data-channel="${CSS.escape(at)}"]`)?.focus()
  }, [at, isThere(at)])

  const showCode = (config: ChannelConfig): void => present(config.id, config.type)
  const needing = attention(shared)
  return (
    <>
      <PageHead title={i18n.t('options.channels')}>
        {i18n.t('channels.intro')} {needing > 0 && i18n.t('channels.needYou', needing)}
      </PageHead>
      {state === 'blocked' && (
        <Banner
          kind="fail"
          icon={ShieldAlert}
          actions={
            <a class="btn btn-sm btn-danger" href={href('security')}>
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
        <AddChannel onAdd={add} notOffered={useNotOffered(page, shared)} how={how} />
      </section>
      <FinishSteps todo={todo} actions={actions} arrived={arrived} />
      <ChannelList
        channels={channels}
        relay={relayHost(shared)}
        actions={actions}
        showCode={showCode}
        away={(config) => (
          <>
            <ChannelObserved page={page} config={config} />
            <ChannelAway page={page} config={config} />
          </>
        )}
        stale={channels && channels.length > 0 ? failure : undefined}
      />
    </>
  )
}

/** Places inside the page that others link to: `#/channels/how/telegram`, `#/channels/added/<id>` and `#/channels/at/<id>`. */
function useLinked(): { how: ChannelType | undefined; added: string | undefined; at: string | undefined } {
  const [, place, what] = useRoute()
  return {
    how: place === 'how' ? channelTypes.find((type) => type === what) : undefined,
    added: place === 'added' ? what : undefined,
    at: place === 'at' ? what : undefined,
  }
}
