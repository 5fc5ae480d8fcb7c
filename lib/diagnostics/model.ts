import type { ChannelState } from '#protocol/channel.ts'
import type { ChannelType } from '#protocol/message.ts'

/** In the order they are shown and reported. client:DOC1 */
export const checkNames = [
  'storage',
  'address',
  'key',
  'clock',
  'reach',
  'features',
  'pin',
  'token',
  'background',
  'socket',
  'channels',
  'space',
  'notifications',
] as const
export type CheckName = (typeof checkNames)[number]

export type Outcome = 'ok' | 'warn' | 'fail' | 'skip'

/** What a check found, as the key of its sentence. */
export type Code =
  | 'storage.opened'
  | 'storage.aside'
  | 'storage.closed'
  | 'address.good'
  | 'address.bad'
  | 'key.signs'
  | 'key.token'
  | 'key.lost'
  | 'key.broken'
  | 'clock.right'
  | 'clock.ahead'
  | 'clock.behind'
  | 'reach.answered'
  | 'reach.unwell'
  | 'reach.stranger'
  | 'reach.silent'
  | 'reach.browserBlocks'
  | 'features.all'
  | 'features.some'
  | 'features.old'
  | 'features.older'
  | 'pin.same'
  | 'pin.none'
  | 'pin.other'
  | 'pin.older'
  | 'token.accepted'
  | 'token.none'
  | 'token.refused'
  | 'token.signature'
  | 'token.failed'
  | 'background.runs'
  | 'background.silent'
  | 'background.noDocument'
  | 'socket.open'
  | 'socket.malformed'
  | 'socket.stopped'
  | 'socket.waiting'
  | 'socket.polling'
  | 'socket.blocked'
  | 'channels.all'
  | 'channels.none'
  | 'channels.attention'
  | 'channels.broken'
  | 'channels.forgotten'
  | 'space.used'
  | 'space.tight'
  | 'space.full'
  | 'space.unknown'
  | 'notifications.on'
  | 'notifications.off'
  | 'notifications.notAsked'
  | 'notifications.refused'
  | 'skipped'
  | 'crashed'

/** What a button beside a finding does. client:DOC2 */
export type Fix =
  | 'reload'
  | 'resetAll'
  | 'clearAside'
  | 'changeAddress'
  | 'chooseIdentity'
  | 'setClock'
  | 'allowLocal'
  | 'updateRelay'
  | 'compareKeys'
  | 'connect'
  | 'retry'
  | 'registerAgain'
  | 'pasteToken'
  | 'openChannels'
  | 'cleanUp'
  | 'allowNotifications'

/** A channel as the relay lists it. */
export type ChannelFinding = {
  id: string
  type: ChannelType
  name: string
  state: ChannelState
  detail?: string | undefined
  outcome: Exclude<Outcome, 'skip'>
}

/**
 * What one check found. `figures` may go into a report that is shown to others; `words` come from the user or the relay and never do
 * (client:DOC3).
 */
export type Finding = {
  check: CheckName
  outcome: Outcome
  code: Code
  figures?: Record<string, number>
  words?: Record<string, string>
  /** The check that has to pass first. */
  needs?: CheckName
  channels?: ChannelFinding[]
  fix?: Fix
}

export function isIssue({ outcome }: Pick<Finding, 'outcome'>): boolean {
  return outcome === 'warn' || outcome === 'fail'
}
