import { LoaderCircle, X } from 'lucide-preact'
import type { Ref } from 'preact'
import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelType } from '#protocol/message.ts'
import { Failure } from '../../messaging/failure.ts'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import { FailureNote, useWait } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { secretsOf } from '../maskSecrets.ts'
import { isReady, type ReadyGuess } from '../pasteGuess.ts'
import type { AddOptions } from './actions.ts'
import { guessButton, guessWords, kindOf, notOfferedWords } from './guessWords.ts'
import { usePasteInput } from './pasteInput.ts'

const OFFERS_ALL: ReadonlySet<ChannelType> = new Set()

type Props = {
  /** A rejection is shown beside the box, which keeps its value; a success clears it. */
  onAdd: (guess: ReadyGuess, options: AddOptions) => Promise<unknown>
  /** What belongs in it, where that is not everything. */
  hint?: string
  /** Said while it is empty, where the words around it say already what belongs in it. */
  idle?: string
  /** What was pasted already, elsewhere. */
  begin?: string
  /** Offers to keep a token for recovery. client:REC4 */
  canRemember?: boolean
  /** Kinds this relay is known not to offer: recognised, but not sent. */
  notOffered?: ReadonlySet<ChannelType>
  /** Its name for screen readers, where no visible label points to `inputId`. */
  label?: string
  inputId?: string
  inputRef?: Ref<HTMLInputElement>
  /** In place of "Add Telegram channel". */
  button?: string
  /** Sending nothing means cancel, where the box is a step inside something else. client §11 */
  onEmpty?: () => void
}

/** One box for everything: a token, an address, or "webhook ci". It says live what it takes the text for. client:CON1-CON8, WIZ8 */
export function PasteBox({
  onAdd,
  notOffered = OFFERS_ALL,
  label,
  inputId,
  inputRef,
  button,
  onEmpty,
  hint,
  idle,
  begin,
  canRemember,
}: Props) {
  const own = useId()
  const id = inputId ?? `${own}-paste`
  const input = usePasteInput(begin)
  const kind = kindOf(input.value)
  const [remember, setRemember] = useState(false)
  const add = useAction(async () => {
    await onAdd(sendable(input.value, notOffered), { remember })
    input.clear()
    setRemember(false)
  })
  const wait = useWait(add.failure)
  const edited = input.handlers

  return (
    <form
      class="stack paste-box"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        if (input.isEmpty && onEmpty) onEmpty()
        else if (wait === 0) void add.run()
      }}
    >
      <div class="paste">
        <div class={add.failure ? 'field err' : 'field'}>
          <input
            {...edited}
            onInput={(event) => {
              add.reset()
              edited.onInput(event)
            }}
            ref={inputRef ?? null}
            id={id}
            class="mono"
            type="text"
            value={input.shown}
            placeholder={i18n.t('paste.placeholder')}
            aria-label={label}
            aria-describedby={`${own}-guess`}
            aria-invalid={add.failure ? true : undefined}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            dir="ltr"
          />
          {!input.isEmpty && (
            <IconButton
              icon={X}
              size="md"
              class="field-end"
              label={i18n.t('options.clear')}
              onClick={() => {
                add.reset()
                input.clear()
                document.getElementById(id)?.focus()
              }}
            />
          )}
        </div>
        <Button kind="primary" type="submit" disabled={add.busy || wait > 0}>
          {add.busy && <Icon of={LoaderCircle} spin />}
          {button ?? guessButton(input.value, notOffered)}
        </Button>
      </div>
      <div class="guess" id={`${own}-guess`}>
        <FailureNote failure={add.failure} />
        <p class="hint" aria-live="polite" hidden={add.failure !== undefined}>
          {kind && <ChannelMark type={kind} silent />}
          <span>{input.isEmpty && idle ? idle : kind || !hint ? guessWords(input.value, notOffered) : hint}</span>
        </p>
      </div>
      {canRemember && isReady(input.value) && secretsOf(input.value).length > 0 && (
        <Switch on={remember} onChange={setRemember}>
          {i18n.t('paste.remember')}
        </Switch>
      )}
    </form>
  )
}

/** Throws Failure for what must not be sent: an incomplete or unknown text, or a kind this relay does not offer. */
function sendable(value: ReturnType<typeof usePasteInput>['value'], notOffered: ReadonlySet<ChannelType>): ReadyGuess {
  const kind = kindOf(value)
  if (kind && notOffered.has(kind)) throw new Failure('not_offered', notOfferedWords(kind))
  if (value.kind === 'slack_app_only') throw new Failure('incomplete', i18n.t('paste.slackNeedsBot'))
  if (!isReady(value)) throw new Failure('unknown_kind', i18n.t('paste.couldNotTell'))
  return value
}
