import { RelayError } from '#protocol/errors.ts'
import type { BotRegistered } from '#protocol/http.ts'
import type { Guards, Route } from '../../http/route.ts'
import type { ChannelRecord, ChannelSecrets } from '../../store/records.ts'
import type { FreshCode, Pairing } from '../pairing.ts'
import type { ChannelHost } from '../port.ts'
import { createSerially } from '../serially.ts'
import { tryUnseal } from '../view.ts'
import { askForBot, checkAppToken } from './askSlack.ts'
import { asPlatform, type Bot } from './bot.ts'
import type { SlackClients } from './client.ts'
import { requestUrl } from './requestUrl.ts'
import { readWanted, type Wanted } from './wanted.ts'

type Owned = Wanted & { userId: string }

/**
 * POST /channels/slack/register. `publicUrl` only if it is https: without it events can come by Socket Mode alone. `restart` connects a repaired
 * channel anew. relay:SL1, TG2, CH11
 */
export function registerRoute(relay: {
  host: ChannelHost
  pairing: Pairing
  guards: Guards
  clients: SlackClients
  random: (bytes: number) => Uint8Array
  now: () => number
  publicUrl: string | undefined
  restart(channelId: string): Promise<void>
}): Route {
  const { host, pairing, guards, clients, random, now, publicUrl, restart } = relay
  const serially = createSerially()

  async function register(wanted: Owned): Promise<{ status: number; answer: BotRegistered }> {
    const bot = await askForBot(clients, wanted.botToken)
    if (wanted.appToken !== undefined) await checkAppToken(clients, wanted.appToken, bot)
    return serially(`${bot.team}|${bot.id}`, async () => {
      const code = pairing.fresh()
      const known = host.find(({ type, platform }) => type === 'slack' && platform.botId === bot.id && platform.teamId === bot.team)
      if (known && known.userId !== wanted.userId)
        throw new RelayError('bot_in_use', 'This app already belongs to another session of this relay. Make a new app in Slack.')
      const channel = known ? await repair(known, wanted, bot, code) : await host.insert(newChannel(wanted, bot, code))
      return { status: known ? 200 : 201, answer: answerFor(channel, bot, code) }
    })
  }

  /** What was given before, and can still be read, stays: whoever renews the bot token has the app-level token no more. relay:CH11 */
  function secretsFor(wanted: Owned, before: ChannelSecrets, code: FreshCode): ChannelSecrets {
    const { appToken, platform, ...others } = before
    const kept = (sealed: string | undefined) => (tryUnseal(sealed, host.unseal) === undefined ? undefined : sealed)
    const app = wanted.appToken === undefined ? kept(appToken) : host.seal(wanted.appToken)
    const signing = wanted.signingSecret === undefined ? kept(platform) : host.seal(wanted.signingSecret)
    if (app === undefined && (signing === undefined || publicUrl === undefined)) throw needsAppToken(publicUrl)
    return {
      ...others,
      botToken: host.seal(wanted.botToken),
      ...(app !== undefined && { appToken: app }),
      ...(signing !== undefined && { platform: signing }),
      pairing: code.secret,
    }
  }

  async function repair(known: ChannelRecord, wanted: Owned, bot: Bot, code: FreshCode): Promise<ChannelRecord> {
    const repaired = await host.update(known.id, (channel) => ({
      ...channel,
      ...given(wanted),
      platform: { ...channel.platform, ...asPlatform(bot) },
      secrets: secretsFor(wanted, channel.secrets, code),
    }))
    if (!repaired) throw new RelayError('channel_not_found', 'The channel of this app was just deleted. Try again.')
    await restart(known.id)
    return repaired
  }

  function newChannel(wanted: Owned, bot: Bot, code: FreshCode): ChannelRecord {
    return {
      id: `slack_${Buffer.from(random(9)).toString('base64url')}`,
      userId: wanted.userId,
      type: 'slack',
      revision: 1,
      agentId: '',
      direction: 'bidirectional',
      enabled: true,
      createdAt: now(),
      ...given(wanted),
      metadata: { allowedUsers: [] },
      platform: asPlatform(bot),
      secrets: secretsFor(wanted, {}, code),
      status: { state: 'connecting' },
    }
  }

  function answerFor({ id, secrets, platform }: ChannelRecord, bot: Bot, { code, expiresAt }: FreshCode): BotRegistered {
    const bySocket = secrets.appToken !== undefined
    return {
      channelId: id,
      botUsername: bot.username,
      pairingCode: code,
      pairingExpiresAt: new Date(expiresAt).toISOString(),
      ...(typeof platform.botUrl === 'string' && { pairingUrl: platform.botUrl }),
      ...(!bySocket && publicUrl !== undefined && { inboundUrl: requestUrl(publicUrl, id) }),
      mode: bySocket ? 'socket' : 'events',
    }
  }

  return {
    method: 'POST',
    path: '/channels/slack/register',
    handle: guards.bearer('channelRegister', async ({ body, session }) => {
      const { status, answer } = await register({ ...readWanted(body), userId: session.userId })
      return { status, json: answer }
    }),
  }
}

function given({ agentId, name }: Wanted): { agentId?: string; name?: string } {
  return { ...(agentId != null && { agentId }), ...(name != null && { name }) }
}

function needsAppToken(publicUrl: string | undefined): RelayError {
  return new RelayError(
    'slack_needs_app_token',
    publicUrl === undefined
      ? 'Slack cannot reach this relay, so it needs the app-level token (xapp-…) too: switch on Socket Mode and make one with connections:write under "Basic Information".'
      : 'Give the app-level token (xapp-…, for Socket Mode) or the signing secret of the app too; both are under "Basic Information".',
  )
}
