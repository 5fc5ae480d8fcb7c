import type { Connection } from '../relay/state.ts'
import { connectionWords } from './connectionWords.ts'
import { Icon } from './Icon.tsx'
import { useNow } from './now.ts'
import { useOnline } from './online.ts'

/** The connection as icon and words, counting down to the next attempt. client:SOC3 */
export function ConnectionState({ connection }: { connection: Connection | undefined }) {
  const online = useOnline()
  const now = useNow(connection?.state === 'reconnecting' ? 1000 : undefined)
  const { kind, icon, text, spin } = connectionWords(connection, online, now)
  return (
    <span class={kind === 'plain' ? 'state' : `state state-${kind}`}>
      <Icon of={icon} spin={spin ?? false} />
      {text}
    </span>
  )
}
