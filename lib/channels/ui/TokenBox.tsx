import { i18n } from '#i18n'
import type { ChannelType } from '#protocol/message.ts'
import { Failure } from '../../messaging/failure.ts'
import { Button } from '../../ui/Button.tsx'
import { channelName } from '../../ui/channelName.ts'
import { useFocusHere } from '../../ui/focus.ts'
import type { ChannelActions } from './actions.ts'
import { PasteBox } from './PasteBox.tsx'

type Props = {
  type: ChannelType
  name: string
  add: ChannelActions['add']
  onDone: () => void
  onCancel: () => void
  /** Opened by a button: the focus goes into it. */
  focus?: boolean
}

/** A new token for a bot the relay has already, or had. Registering it again repairs the same channel. relay:CH11 */
export function TokenBox({ type, name, add, onDone, onCancel, focus }: Props) {
  const input = useFocusHere<HTMLInputElement>(focus ?? false)
  return (
    <div class="stack token-box">
      <PasteBox
        label={i18n.t('channels.token', { name })}
        button={i18n.t('channels.useToken')}
        inputRef={input}
        onEmpty={onCancel}
        canRemember
        hint={i18n.t('channels.tokenHint', { kind: channelName(type) })}
        onAdd={async (guess, options) => {
          if (guess.kind !== type) throw new Failure('wrong_kind', i18n.t('channels.otherKind', { kind: channelName(type) }))
          await add(guess, options)
          onDone()
        }}
      />
      <div>
        <Button kind="quiet" small onClick={onCancel}>
          {i18n.t('options.cancel')}
        </Button>
      </div>
    </div>
  )
}
