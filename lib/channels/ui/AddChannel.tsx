import { useEffect, useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { ChannelType } from '#protocol/message.ts'
import { ChannelGlyph } from '../../ui/ChannelMark.tsx'
import { channelName } from '../../ui/channelName.ts'
import type { ReadyGuess } from '../pasteGuess.ts'
import type { AddOptions } from './actions.ts'
import { HowTo } from './HowTo.tsx'
import { PasteBox } from './PasteBox.tsx'

type Props = {
  onAdd: (guess: ReadyGuess, options: AddOptions) => Promise<unknown>
  /** `undefined` until the relay has said what it offers. */
  notOffered: ReadonlySet<ChannelType> | undefined
  /** The how-to to begin with. */
  how?: ChannelType | undefined
  /** With what each kind needs, for who sees them the first time. */
  needs?: boolean
}

/** The paste box with a how-to before it for each kind the relay offers. client:WIZ1-WIZ5 */
export function AddChannel({ onAdd, notOffered, how, needs = false }: Props) {
  const id = useId()
  const [open, setOpen] = useState(how)
  useEffect(() => setOpen(how), [how])
  return (
    <div class="card card-pad stack add-channel">
      <div class="add-head">
        <label class="label" for={`${id}-paste`}>
          {i18n.t('paste.label')}
        </label>
        <fieldset class="kinds-row">
          <legend class="sr">{i18n.t('wizard.kinds')}</legend>
          {shownKinds(notOffered).map((type) => (
            <span class={needs ? 'kind-tile' : 'kind'} key={type}>
              <button
                type="button"
                class={`chip chip-kind ch-${type}`}
                aria-expanded={open === type}
                aria-controls={`${id}-how`}
                aria-label={i18n.t('wizard.how', { kind: channelName(type) })}
                aria-describedby={needs ? `${id}-${type}` : undefined}
                onClick={() => setOpen(open === type ? undefined : type)}
              >
                <ChannelGlyph type={type} />
                {channelName(type)}
              </button>
              {needs && (
                <span class="kind-need" id={`${id}-${type}`}>
                  {i18n.t(`wizard.needs.${type}`)}
                </span>
              )}
            </span>
          ))}
        </fieldset>
      </div>
      <div id={`${id}-how`} class="how-slot">
        {open && <HowTo type={open} />}
      </div>
      <PasteBox canRemember onAdd={onAdd} {...(notOffered && { notOffered })} inputId={`${id}-paste`} />
    </div>
  )
}

/** Every relay has Telegram, Discord and webhooks; email is explained also where it is not set up; Slack only where it can be added. */
function shownKinds(notOffered: ReadonlySet<ChannelType> | undefined): ChannelType[] {
  const hasSlack = notOffered !== undefined && !notOffered.has('slack')
  return ['telegram', 'discord', ...(hasSlack ? (['slack'] as const) : []), 'email', 'webhook']
}
