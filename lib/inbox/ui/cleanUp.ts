import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Caller } from '../../messaging/define.ts'
import { useAction } from '../../ui/action.ts'
import { storageSize } from '../../ui/storageSize.ts'
import type { Freed } from '../cleanUp.ts'
import type { choreMessages } from '../messages.ts'

/** Makes room and keeps what came of it, to be told. client:CDD10 */
export function useCleanUp(chores: Caller<(typeof choreMessages)['table']>) {
  const [freed, setFreed] = useState<Freed>()
  const action = useAction(async () => setFreed(await chores.cleanUp(undefined)))
  return { ...action, words: freed && freedWords(freed), forget: () => setFreed(undefined) }
}

function freedWords({ bytes, files, messages }: Freed): string {
  if (files + messages === 0) return i18n.t('cleanUp.nothing')
  const parts = [
    ...(files > 0 ? [i18n.t('cleanUp.files', files, [files.toLocaleString()])] : []),
    ...(messages > 0 ? [i18n.t('cleanUp.messages', messages, [messages.toLocaleString()])] : []),
  ]
  return i18n.t('cleanUp.freed', { size: storageSize(bytes), what: new Intl.ListFormat(undefined).format(parts) })
}
