import { i18n } from '#i18n'
import type { SessionAnswer } from '#protocol/session.ts'
import { useDelayed } from '../../ui/delayed.ts'
import { moment } from '../../ui/moment.ts'
import { Tag } from '../../ui/Tag.tsx'

export type AccessTold =
  | { state: 'none' | 'stopped' | 'asking' }
  | { state: 'told'; session: SessionAnswer }
  /** A relay from before it told this. */
  | { state: 'old' }
  | { state: 'unavailable'; reason: string }

/** Of a list, as many lines as a person looks through; the number beside it is of all. */
const SHOWN = 5

/** The session, its tokens and its open sockets, each with its beginning. client:ACC1 */
export function AccessFacts({ told }: { told: AccessTold }) {
  const waiting = useDelayed(told.state === 'asking')
  switch (told.state) {
    case 'none':
    case 'stopped':
    case 'old':
      return <p>{i18n.t(`access.none.${told.state}`)}</p>
    case 'unavailable':
      return <p>{i18n.t('connectionPage.unavailable', { reason: told.reason })}</p>
    case 'asking':
      return <div class={waiting ? 'skeleton access-space' : 'access-space'} />
    case 'told':
      return <Session session={told.session} />
  }
}

function Session({ session: { userId, createdAt, apiKeys, sockets } }: { session: SessionAnswer }) {
  return (
    <dl class="pairs access-pairs">
      <dt>{i18n.t('access.session')}</dt>
      <dd>
        <code dir="ltr">{userId.slice(0, 8)}</code>
        <span>{i18n.t('access.since', { time: moment(Date.parse(createdAt), Date.now()) })}</span>
      </dd>
      <dt>{i18n.t('access.tokens')}</dt>
      <dd>
        <Lines of="token" all={apiKeys.newest.map(({ createdAt: time, current }) => ({ time, current }))} count={apiKeys.count} />
      </dd>
      <dt>{i18n.t('access.sockets')}</dt>
      <dd>
        {sockets.length === 0 ? (
          i18n.t('access.noSockets')
        ) : (
          <Lines of="socket" all={sockets.map(({ openedAt: time, current }) => ({ time, current }))} count={sockets.length} />
        )}
      </dd>
    </dl>
  )
}

/** What belongs to another token than this browser's stands out: that is what ending would end. */
function Lines({ of, all, count }: { of: 'token' | 'socket'; all: { time: string; current: boolean }[]; count: number }) {
  return (
    <ul class="access-lines">
      {all.slice(0, SHOWN).map(({ time, current }, index) => (
        <li key={index}>
          <span>{i18n.t('access.since', { time: moment(Date.parse(time), Date.now()) })}</span>
          <Tag kind={current ? 'plain' : 'warn'}>{i18n.t(`access.${current ? 'own' : 'other'}.${of}`)}</Tag>
        </li>
      ))}
      {count > SHOWN && <li class="muted num">{i18n.t('access.more', count - SHOWN)}</li>}
    </ul>
  )
}
