import { useEffect, useId } from 'preact/hooks'
import { i18n } from '#i18n'
import { guessUnasked, type ReadyGuess } from '../../channels/pasteGuess.ts'
import type { AddOptions } from '../../channels/ui/actions.ts'
import { PasteBox } from '../../channels/ui/PasteBox.tsx'
import { Button } from '../../ui/Button.tsx'
import { useModal } from '../../ui/modal.ts'
import { addChannel } from '../options/addChannel.ts'
import type { PageContext } from '../page.ts'
import './pasteOffer.css'

type Props = { page: PageContext; pasted: string; added: (channelId: string) => void; close: () => void }

/** Offers to add what was pasted, where it is recognised; says nothing about anything else. client:ONB1 */
export function PasteOffer(props: Props) {
  const known = guessUnasked(props.pasted).kind !== 'unknown'
  const { close } = props
  useEffect(() => {
    if (!known) close()
  }, [known, close])
  return known ? <Offer {...props} /> : null
}

function Offer({ page, pasted, added, close }: Props) {
  const modal = useModal(close)
  const id = useId()
  const add = async (guess: ReadyGuess, options: AddOptions): Promise<void> => {
    const { channelId } = await addChannel(page, guess, options)
    close()
    added(channelId)
  }
  return (
    <dialog {...modal} class="dialog paste-offer" aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
      {/* The focus begins here, so that an Enter meant for the page sends nothing. */}
      <h2 id={`${id}-title`} tabIndex={-1} autofocus>
        {i18n.t('paste.anywhere.title')}
      </h2>
      <p id={`${id}-text`} class="muted">
        {i18n.t('paste.anywhere.text')}
      </p>
      <PasteBox canRemember onAdd={add} begin={pasted} label={i18n.t('paste.field')} />
      <div class="dialog-actions">
        <Button onClick={close}>{i18n.t('paste.anywhere.close')}</Button>
      </div>
    </dialog>
  )
}
