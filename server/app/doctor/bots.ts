import { createClients as discordClients } from '../../channels/discord/client.ts'
import { explain as explainDiscord, readTrouble as readDiscord } from '../../channels/discord/trouble.ts'
import { createClients as slackClients } from '../../channels/slack/client.ts'
import { explain as explainSlack, readTrouble as readSlack } from '../../channels/slack/trouble.ts'
import { signalFor, createClients as telegramClients } from '../../channels/telegram/client.ts'
import { explain as explainTelegram, readTrouble as readTelegram } from '../../channels/telegram/trouble.ts'
import type { Config } from '../../config.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { type Finding, fail, ok, skip } from './finding.ts'
import type { Opened } from './store.ts'

const ANSWER_WITHIN_MS = 15_000

/** Shows the bot's token to its platform. Gives the platform's complaint, in words for its owner. */
type Try = (channel: ChannelRecord) => Promise<string | undefined>

/** Whether platforms can be reached and accept the tokens of the bots that are switched on. No token is ever told. relay:CLI3 */
export async function checkBots(
  { apiRoots }: Config,
  { opened, fetch }: { opened: Opened | undefined; fetch: typeof globalThis.fetch },
): Promise<Finding[]> {
  if (!opened) return [skip('bots', 'there are no tokens to try')]
  const { unseal } = opened.seal
  const tries: Record<string, Try> = {
    telegram: tryTelegram({ apiRoot: apiRoots.telegram, fetch, unseal }),
    discord: tryDiscord({ apiRoot: apiRoots.discord, fetch, unseal }),
    slack: trySlack({ apiRoot: apiRoots.slack, fetch, unseal }),
  }
  const bots = opened.channels.flatMap((channel) => {
    const shown = channel.enabled ? tries[channel.type] : undefined
    return shown ? [check(channel, shown)] : []
  })
  return bots.length > 0 ? Promise.all(bots) : [skip('bots', 'none are connected')]
}

type Relay = Parameters<typeof telegramClients>[0]

function tryTelegram(relay: Relay): Try {
  const clients = telegramClients(relay)
  return (channel) =>
    complaint(
      async () => clients.of(channel)?.getMe(signalFor(AbortSignal.timeout(ANSWER_WITHIN_MS))),
      (error) => explainTelegram(readTelegram(error)),
    )
}

function tryDiscord(relay: Relay): Try {
  const clients = discordClients(relay)
  return (channel) =>
    complaint(
      async () => (await clients.of(channel))?.users.getCurrent({ signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }),
      (error) => explainDiscord(readDiscord(error)),
    )
}

function trySlack(relay: Relay): Try {
  const clients = slackClients(relay)
  return async (channel) => {
    const appToken = clients.appToken(channel)
    return (
      (await complaint(
        async () => clients.of(channel)?.auth.test(),
        (error) => explainSlack(readSlack(error), 'bot'),
      )) ??
      (await complaint(
        async () => (appToken === undefined ? undefined : clients.byToken(appToken).apps.connections.open()),
        (error) => explainSlack(readSlack(error), 'app'),
      ))
    )
  }
}

async function complaint(call: () => Promise<unknown>, explain: (error: unknown) => string): Promise<string | undefined> {
  try {
    await call()
    return undefined
  } catch (error) {
    return explain(error)
  }
}

async function check(channel: ChannelRecord, shown: Try): Promise<Finding> {
  const { id, type, platform, secrets } = channel
  const name = `${type} ${typeof platform.botUsername === 'string' ? platform.botUsername : id}`
  if (secrets.botToken === undefined) return fail(name, 'has no token', 'Register the bot again in the extension’s options.')
  // What none of them can explain is a fault of ours, or a token this key cannot read; its text may hold what was sent.
  const found = await shown(channel).catch(() => 'the token could not be read, or not be shown to the platform')
  return found === undefined ? ok(name, 'the token is accepted') : fail(name, found, 'Correct this, then run the doctor again.')
}
