import { Check, Ellipsis } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { Menu, type MenuItem } from '../../ui/Menu.tsx'
import { useCopied } from '../../ui/useCopied.ts'
import type { ThreadItem } from '../thread.ts'
import { itemMarkdown } from './asMarkdown.ts'
import { DeliveryDialog } from './DeliveryDialog.tsx'

/** What can be done with one message; beside it while the pointer or the keyboard is there. client:DLV2, MDN1 */
export function MessageMenu({ item }: { item: ThreadItem }) {
  const [details, setDetails] = useState(false)
  const { copied, copy } = useCopied()
  const items: MenuItem[] = [
    { label: i18n.t('delivery.details'), act: () => setDetails(true) },
    { label: i18n.t('copying.copy'), act: () => void copy(itemMarkdown(item)) },
  ]
  return (
    <span class="msg-menu">
      <Menu icon={copied ? Check : Ellipsis} label={i18n.t('delivery.open')} items={items} />
      {details && <DeliveryDialog item={item} onClose={() => setDetails(false)} />}
    </span>
  )
}
