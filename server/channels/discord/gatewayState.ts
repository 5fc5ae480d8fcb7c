import { GatewayCloseCodes } from 'discord-api-types/v10'
import type { ChannelState } from '#protocol/channel.ts'
import type { Ending } from './gatewayLine.ts'
import { explain } from './trouble.ts'

/** What to do after a line ended. `forget`: the session cannot be resumed; `anew`: Discord said so only when it was tried. */
export type Next =
  | { kind: 'reconnect'; forget: boolean; anew: boolean }
  /** Again without the right to read what is written in servers. */
  | { kind: 'withoutContent' }
  /** As long as nobody changes anything, it would end the same way. relay:DC4 */
  | { kind: 'giveUp'; state: ChannelState; detail: string }
  | { kind: 'stop' }

/** relay:DC3, DC4. `content`: the line asked to read what is written in servers. */
export function afterEnding(ending: Ending, content: boolean): Next {
  switch (ending.kind) {
    case 'stopped':
      return { kind: 'stop' }
    case 'lost':
      return { kind: 'reconnect', forget: false, anew: false }
    case 'invalidSession':
      return { kind: 'reconnect', forget: true, anew: true }
    case 'closed':
      return afterClose(ending.code, content)
  }
}

function afterClose(code: number, content: boolean): Next {
  switch (code) {
    case GatewayCloseCodes.AuthenticationFailed:
      return { kind: 'giveUp', state: 'auth_failed', detail: explain({ kind: 'unauthorised' }) }
    case GatewayCloseCodes.DisallowedIntents:
      return content ? { kind: 'withoutContent' } : refused('it does not allow this bot to read messages at all')
    case GatewayCloseCodes.ShardingRequired:
      return refused('this bot is in more servers than one connection may serve (about 2,500)')
    case GatewayCloseCodes.InvalidShard:
    case GatewayCloseCodes.InvalidAPIVersion:
    case GatewayCloseCodes.InvalidIntents:
      return refused(`it does not understand this relay any more (${code}). Update the relay`)
    case GatewayCloseCodes.NotAuthenticated:
    case GatewayCloseCodes.InvalidSeq:
    case GatewayCloseCodes.SessionTimedOut:
      return { kind: 'reconnect', forget: true, anew: false }
    default:
      return { kind: 'reconnect', forget: false, anew: false }
  }
}

function refused(why: string): Next {
  return { kind: 'giveUp', state: 'degraded', detail: `Discord refuses the connection: ${why}.` }
}
