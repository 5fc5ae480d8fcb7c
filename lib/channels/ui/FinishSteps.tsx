import { X } from 'lucide-preact'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import { channelName } from '../../ui/channelName.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { channelTitle } from '../facts.ts'
import { AgainWizard } from './AgainWizard.tsx'
import type { ChannelActions } from './actions.ts'
import { EmailWizard } from './EmailWizard.tsx'
import { PairWizard } from './PairWizard.tsx'
import { SignAgain } from './SignAgain.tsx'
import type { Todo, TodoItem } from './todo.ts'
import { WebhookWizard } from './WebhookWizard.tsx'

type Props = {
  todo: Todo
  actions: ChannelActions /** The channel whose card should take the focus. */
  arrived: string | undefined
}

/** "Finish setting up": what still needs the user, until done or dismissed. client:WIZ7 */
export function FinishSteps({ todo, actions, arrived }: Props) {
  if (todo.items.length === 0) return null
  return (
    <section class="section" aria-labelledby="finish">
      <div class="section-head">
        <h2 id="finish">{i18n.t('channels.finish')}</h2>
        <span class="muted">{countWords(todo)}</span>
      </div>
      {todo.items.map((item) =>
        item.open ? (
          <OpenStep key={item.channelId} item={item} todo={todo} actions={actions} focus={arrived === item.channelId} />
        ) : (
          <FoldedStep key={item.channelId} item={item} todo={todo} dismiss={actions.dismissStep} />
        ),
      )}
    </section>
  )
}

function countWords({ left, items }: Todo): string {
  if (left > 0) return i18n.t('channels.stepsLeft', left)
  return items.some(({ done }) => done) ? i18n.t('channels.allDone') : ''
}

function OpenStep({ item, todo, actions, focus }: { item: TodoItem; todo: Todo; actions: ChannelActions; focus: boolean }) {
  const shared = { onClose: () => todo.close(item.channelId), focus }
  const config = item.channel?.config
  switch (item.kind) {
    case 'pair':
      return config ? <PairWizard config={config} done={item.done} newCode={actions.newPairingCode} {...shared} /> : null
    case 'verify':
      return config ? <EmailWizard config={config} done={item.done} resend={actions.resendVerification} {...shared} /> : null
    case 'try_webhook':
      return config ? <WebhookWizard config={config} sendTest={actions.sendTest} {...shared} /> : null
    case 'renew_signing':
      return config ? <SignAgain config={config} rotateSecret={actions.rotateSecret} {...shared} /> : null
    case 'paste_token':
    case 'register_again':
      return (
        <AgainWizard
          channelId={item.channelId}
          type={item.channelType}
          kind={item.kind}
          taken={item.taken}
          config={config}
          actions={actions}
          onMoved={(channelId) => todo.show({ channelId, kind: MOVED[item.channelType], channelType: item.channelType })}
          {...shared}
        />
      )
  }
}

function FoldedStep({ item, todo, dismiss }: { item: TodoItem; todo: Todo; dismiss: ChannelActions['dismissStep'] }) {
  const forget = useAction(async () => {
    await dismiss(item.channelId)
    todo.forget(item.channelId)
  })
  const title = (item.channel && channelTitle(item.channel.config)) || channelName(item.channelType)
  return (
    <article class="card folded-step">
      <div class="row-line">
        <ChannelMark type={item.channelType} />
        <span class="truncate grow">
          {title} <span class="small muted">{todoWords(item.kind)}</span>
        </span>
        <Button small onClick={() => todo.open(item.channelId)}>
          {i18n.t('wizard.continue')}
        </Button>
        <IconButton icon={X} size="md" label={i18n.t('wizard.dismiss')} disabled={forget.busy} onClick={() => void forget.run()} />
      </div>
      <FailureNote failure={forget.failure} />
    </article>
  )
}

/** What is to do with a channel that was rebuilt as another one. */
const MOVED = { telegram: 'pair', discord: 'pair', slack: 'pair', email: 'verify', webhook: 'try_webhook' } as const

/** The step in a few words. */
function todoWords(kind: TodoItem['kind']): string {
  switch (kind) {
    case 'pair':
      return i18n.t('channels.states.waiting_pairing')
    case 'verify':
      return i18n.t('channels.states.waiting_verification')
    case 'paste_token':
      return i18n.t('channels.fixes.paste')
    case 'register_again':
      return i18n.t('wizard.again.button')
    case 'renew_signing':
      return i18n.t('channels.secrets.renew.button')
    case 'try_webhook':
      return i18n.t('wizard.webhook.test')
  }
}
