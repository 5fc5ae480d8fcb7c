import { i18n } from '#i18n'
import { needsOwner } from '../../channels/ui/StateTag.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { href } from '../../ui/router.ts'
import { Tag } from '../../ui/Tag.tsx'
import { type PageName, pageIcons, pageNames, pageTitle } from './pages.ts'
import type { Shared } from './shared.ts'

type Props = { current: PageName; shared: Shared; onChoose?: () => void }

/** The pages there are, with what waits on them. */
export function NavLinks({ current, shared, onChoose }: Props) {
  return (
    <nav class="nav" aria-label={i18n.t('options.navigation')}>
      {pageNames.map((name) => (
        <a key={name} href={href(name)} aria-current={name === current ? 'page' : undefined} onClick={onChoose}>
          <Icon of={pageIcons[name]} size="lg" />
          <span>{pageTitle(name)}</span>
          {name === 'channels' && <Attention count={attention(shared)} />}
          {name === 'approvals' && <Attention count={shared.waiting.value ?? 0} />}
          {name === 'security' && shared.connection.value?.now?.state === 'blocked' && (
            <Tag kind="fail">{i18n.t('connection.blocked')}</Tag>
          )}
        </a>
      ))}
    </nav>
  )
}

/** Channels that wait for their owner. */
export function attention(shared: Shared): number {
  return (shared.channels.value ?? []).filter(({ config }) => config.enabled && needsOwner(config.status.state)).length
}

function Attention({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <span class="count count-muted">
      <span aria-hidden="true">{count}</span>
      <span class="sr">{i18n.t('options.needAttention', count)}</span>
    </span>
  )
}
