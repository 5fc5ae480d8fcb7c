import './startPage.css'
import { BellOff, KeyRound, ShieldCheck } from 'lucide-preact'
import { i18n } from '#i18n'
import { channelTitle } from '../../channels/facts.ts'
import type { ReadyGuess } from '../../channels/pasteGuess.ts'
import { AddChannel } from '../../channels/ui/AddChannel.tsx'
import type { AddOptions } from '../../channels/ui/actions.ts'
import { FinishSteps } from '../../channels/ui/FinishSteps.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { channelName } from '../../ui/channelName.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { useLive } from '../../ui/live.ts'
import { go, href } from '../../ui/router.ts'
import { PageHead } from '../options/PageHead.tsx'
import { relayHost } from '../options/relayHost.ts'
import { useNotOffered } from '../options/relayOffers.ts'
import type { Shared } from '../options/shared.ts'
import { useAdding } from '../options/useAdding.ts'
import type { PageContext } from '../page.ts'
import { AnswerStep } from './AnswerStep.tsx'
import { ConnectStep } from './ConnectStep.tsx'
import { type Newest, readNewest } from './newest.ts'
import { StartStep } from './StartStep.tsx'
import { saveSkipped } from './skipped.ts'
import { stepStates } from './steps.ts'

const NOTHING: Newest = {}
const UNREADY: readonly string[] = ['waiting_pairing', 'waiting_verification']

type Props = { page: PageContext; shared: Shared; openInbox: (hash: string) => void }

/** From nothing to a message that was answered, with the real parts of the product. client:ONB3, ONB4 */
export function StartPage({ page, shared, openInbox }: Props) {
  const { db, profileId } = page
  const { actions, todo, arrived, add } = useAdding(page, shared)
  const newest = useLive(() => readNewest(db, profileId), ['messages', 'replies'], [db, profileId]).value ?? NOTHING
  const connection = shared.connection.value?.now
  const channels = (shared.channels.value ?? []).map(({ config }) => config)
  const ready = channels.findLast(({ status }) => !UNREADY.includes(status.state))
  const from = channels.find(({ id }) => id === newest.conversation?.channelId)
  const states = stepStates({
    connected: connection?.state === 'connected' || connection?.state === 'catching_up',
    ready: ready !== undefined,
    answered: newest.reply !== undefined,
  })
  const finished = Object.values(states).every((state) => state === 'done')
  return (
    <div class="start">
      <PageHead title={i18n.t('start.title')}>{i18n.t('start.intro')}</PageHead>
      <Progress done={Object.values(states).filter((state) => state === 'done').length} />
      <ol class="start-steps">
        <StartStep number={1} title={i18n.t('start.connect.title')} state={states.connect} result={<bdi>{relayHost(shared)}</bdi>}>
          {states.connect !== 'done' && <ConnectStep connection={connection} />}
        </StartStep>
        <StartStep
          number={2}
          title={i18n.t('start.add.title')}
          state={states.add}
          result={ready && <bdi>{channelTitle(ready) || channelName(ready.type)}</bdi>}
        >
          {states.add === 'now' && <Adding page={page} shared={shared} add={add} />}
          <FinishSteps todo={todo} actions={actions} arrived={arrived} />
        </StartStep>
        <StartStep number={3} title={i18n.t('start.answer.title')} state={states.answer}>
          <AnswerStep
            page={page}
            newest={newest}
            channel={ready}
            from={from}
            actions={actions}
            open={(conversationId) => openInbox(href('conversation', conversationId))}
          />
        </StartStep>
      </ol>
      {finished ? <Ready openInbox={() => openInbox('')} /> : <Skip page={page} />}
    </div>
  )
}

type AddingProps = { page: PageContext; shared: Shared; add: (guess: ReadyGuess, options: AddOptions) => Promise<void> }

function Adding({ page, shared, add }: AddingProps) {
  return <AddChannel needs onAdd={add} notOffered={useNotOffered(page, shared)} />
}

function Progress({ done }: { done: number }) {
  const words = i18n.t('start.progress', { done })
  return (
    <div class="start-progress">
      <progress max={3} value={done} aria-label={words} />
      <span class="small muted" aria-hidden="true">
        {words}
      </span>
    </div>
  )
}

function Skip({ page: { db, profileId } }: { page: PageContext }) {
  const skip = useAction(async () => {
    await saveSkipped(db, profileId)
    go(['channels'])
  })
  return (
    <div class="start-skip">
      <Button kind="quiet" disabled={skip.busy} onClick={() => void skip.run()}>
        {i18n.t('start.skip')}
      </Button>
      <FailureNote failure={skip.failure} />
    </div>
  )
}

/** What is worth knowing next, and where it is. */
const MORE = [
  ['backup', KeyRound, 'security'],
  ['agents', ShieldCheck, 'approvals'],
  ['quiet', BellOff, 'notifications'],
] as const

function Ready({ openInbox }: { openInbox: () => void }) {
  return (
    <section class="card card-pad stack start-ready" aria-labelledby="ready">
      <h2 id="ready">{i18n.t('start.ready.title')}</h2>
      <p class="muted">{i18n.t('start.ready.text')}</p>
      <div class="row-line">
        <Button kind="primary" onClick={openInbox}>
          {i18n.t('start.ready.inbox')}
        </Button>
        <a class="btn" href={href('channels')}>
          {i18n.t('start.ready.channels')}
        </a>
      </div>
      <h3 id="start-more">{i18n.t('start.more.title')}</h3>
      <ul class="start-more" aria-labelledby="start-more">
        {MORE.map(([name, icon, page]) => (
          <li key={name}>
            <a href={href(page)}>
              <Icon of={icon} />
              <span>
                <b>{i18n.t(`start.more.${name}.title`)}</b>
                <span class="small muted">{i18n.t(`start.more.${name}.text`)}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
