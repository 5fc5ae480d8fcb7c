import { SlackError } from '@slack/web-api'
import { RelayError } from '#protocol/errors.ts'
import { type Bot, readBot } from './bot.ts'
import type { SlackClients } from './client.ts'
import { explain, readTrouble, type Trouble } from './trouble.ts'

/** Permissions without which nobody could pair. Slack names those of a token with every answer. */
const NEEDED = ['chat:write', 'im:history']

/** Whose token this is. Throws provider_rejected, provider_unreachable. relay:SL1, TG1 */
export async function askForBot(clients: SlackClients, botToken: string): Promise<Bot> {
  const answer = await asking('bot', () => clients.byToken(botToken).auth.test())
  if (typeof answer.user_id === 'string' && !answer.bot_id)
    throw rejected('This is the token of a person, not of a bot. Copy the Bot User OAuth Token, which begins with xoxb-.')
  const bot = readBot(answer)
  if (!bot)
    throw new RelayError(
      'provider_unreachable',
      failed('What answers at the address for Slack is not Slack. Check the configuration.'),
    )
  const scopes = answer.response_metadata?.scopes
  const lacking = scopes ? NEEDED.filter((scope) => !scopes.includes(scope)) : []
  if (lacking.length > 0)
    throw rejected(
      `The app lacks ${lacking.join(' and ')}. Add it under "OAuth & Permissions", install the app again and paste its new bot token.`,
    )
  return bot
}

/** Whether an app-level token opens Socket Mode for the app of this bot. Throws as above. */
export async function checkAppToken(clients: SlackClients, appToken: string, bot: Bot): Promise<void> {
  const [, appId] = /^xapp-\d+-(A[A-Z0-9]+)-/.exec(appToken) ?? []
  if (appId && bot.appId && appId !== bot.appId)
    throw rejected('The two tokens belong to different apps. Copy both from the same app.')
  await asking('app', () => clients.byToken(appToken).apps.connections.open())
}

async function asking<T>(token: 'bot' | 'app', call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof SlackError)) throw error
    throw registrationFailed(readTrouble(error), token)
  }
}

/** Without a cause: the library's errors hold what was sent. */
function registrationFailed(trouble: Trouble, token: 'bot' | 'app'): RelayError {
  switch (trouble.kind) {
    case 'unreachable':
      return new RelayError(
        'provider_unreachable',
        failed('Slack is not reachable. Check the connection of the relay and try again.'),
      )
    case 'unauthorised':
      return rejected(UNAUTHORISED[trouble.error]?.[token] ?? UNKNOWN[token])
    case 'tooFast':
      return rejected('Slack asks to slow down. Try again in a minute.')
    case 'refused':
      if (token === 'app' && trouble.error === 'missing_scope') return rejected(NO_CONNECTIONS)
      return rejected(trouble.error === 'missing_scope' ? explain(trouble) : trouble.error)
  }
}

const NO_CONNECTIONS =
  'The app-level token lacks connections:write. Make a new one with it under "Basic Information", "App-Level Tokens".'
const UNKNOWN = {
  bot: 'Slack does not know this bot token. Copy it again from "Install App" in the settings of the app.',
  app: 'Slack does not know this app-level token. Copy it again from "Basic Information", "App-Level Tokens".',
}
const UNAUTHORISED: Record<string, { bot: string; app: string }> = {
  not_allowed_token_type: {
    bot: 'This is not a bot token. Copy the Bot User OAuth Token, which begins with xoxb-.',
    app: 'This is not an app-level token. Make one under "Basic Information"; it begins with xapp-.',
  },
  account_inactive: {
    bot: 'The app was uninstalled. Install it again under "Install App" and paste its new bot token.',
    app: UNKNOWN.app,
  },
}

const failed = (cause: string) => `Slack registration failed: ${cause}`

function rejected(cause: string): RelayError {
  return new RelayError('provider_rejected', failed(cause))
}
