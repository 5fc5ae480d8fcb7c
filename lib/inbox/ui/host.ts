import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { ChannelConfig } from '#protocol/channel.ts'
import type { Database } from '../../database/open.ts'
import type { Change } from '../../messaging/changes.ts'
import type { Caller } from '../../messaging/define.ts'
import type { choreMessages, inboxMessages, Settings } from '../messages.ts'
import type { Conversation } from '../model.ts'

/** What the inbox needs from the page around it. */
export type InboxHost = {
  db: Database
  profileId: string
  /** Tells every context what this page itself has changed. */
  tell: (change: Change) => void
  inbox: Caller<(typeof inboxMessages)['table']>
  chores: Caller<(typeof choreMessages)['table']>
  /** The channels as last seen; `undefined` until read. */
  channels: readonly ChannelConfig[] | undefined
  settings: Settings | undefined
  changeSettings: (change: Partial<Settings>) => Promise<void>
  /** client:CRP4 */
  switchRepliesOn: (channelId: string) => Promise<void>
  /** client:TKO1 */
  takeOver: (row: Conversation, on: boolean) => Promise<void>
  /** Opens a place in a window of its own, which does not close when it loses the focus; `undefined` when this page is one. client:CAT7 */
  openWindow: ((hash: string) => Promise<void>) | undefined
}

export const HostContext = createContext<InboxHost | undefined>(undefined)

export function useHost(): InboxHost {
  const host = useContext(HostContext)
  if (!host) throw new Error('The inbox is rendered outside its host.')
  return host
}
