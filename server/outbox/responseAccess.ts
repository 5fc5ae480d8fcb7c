import { RelayError } from '#protocol/errors.ts'
import { equalSecret } from '../auth/secrets.ts'
import type { ChannelHost } from '../channels/port.ts'
import { tryUnseal } from '../channels/view.ts'
import type { Answer, Guards, Handler, RelayRequest } from '../http/route.ts'
import type { ChannelRecord } from '../store/records.ts'

type Parts = {
  guards: Pick<Guards, 'bearer'>
  host: Pick<ChannelHost, 'channel' | 'unseal'>
  now: () => number
  /** CHAOS_RESPONSES_PUBLIC */
  openToAll: boolean
}

/** What a handler gets: the channel, or `undefined` where an unknown id may look like a channel without responses. */
export type ResponseHandler = (request: RelayRequest, channel: ChannelRecord | undefined) => Promise<Answer>

/**
 * Who may read a channel's responses: everybody for webhook channels (unless CHAOS_RESPONSES_PUBLIC=0), else whoever shows its webhook secret as
 * `?token=` or is its owner. A wrong token is refused everywhere. Throws missing_token, invalid_token. relay:CH12
 */
export function createResponseAccess({ guards, host, now, openToAll }: Parts) {
  function showsSecret(channel: ChannelRecord | undefined, token: string): boolean {
    if (!channel) return false
    const { webhook, webhookPrevious } = channel.secrets
    const current = tryUnseal(webhook, host.unseal)
    const previous = webhookPrevious && webhookPrevious.until > now() ? tryUnseal(webhookPrevious.sealed, host.unseal) : undefined
    return (current !== undefined && equalSecret(token, current)) || (previous !== undefined && equalSecret(token, previous))
  }

  return (handle: ResponseHandler): Handler => {
    const asOwner = guards.bearer(undefined, (request) => {
      const channel = host.channel(request.params.id ?? '')
      if (channel?.userId !== request.session.userId) throw refused()
      return handle(request, channel)
    })
    return (request) => {
      const channel = host.channel(request.params.id ?? '')
      const token = request.query.get('token')
      if (token !== null) {
        if (!showsSecret(channel, token)) throw refused()
        return handle(request, channel)
      }
      if (openToAll && (channel === undefined || channel.type === 'webhook')) return handle(request, channel)
      if (request.headers.authorization !== undefined) return asOwner(request)
      throw new RelayError('missing_token', 'Add ?token=<webhook secret> to the URL, or call this as the owner of the channel.')
    }
  }
}

function refused(): RelayError {
  return new RelayError('invalid_token', 'This token does not open the responses of this channel.')
}
