import { i18n } from '#i18n'
import type { ReadyGuess } from '../../channels/pasteGuess.ts'
import { PasteBox } from '../../channels/ui/PasteBox.tsx'
import { href } from '../../ui/router.ts'
import { addChannel } from '../options/addChannel.ts'
import type { PageContext } from '../page.ts'
import { openOptions } from './windows.ts'

/** The paste box of the first run. What is left to do after adding stands on the channels page, which opens. client:CON8, WIZ7 */
export function AddFirst({ page }: { page: PageContext }) {
  const add = async (guess: ReadyGuess): Promise<void> => {
    const { channelId } = await addChannel(page, guess)
    await openOptions(href('channels', 'added', channelId))
  }
  return <PasteBox onAdd={add} label={i18n.t('paste.field')} idle={i18n.t('popup.first.keeps')} />
}
