import * as z from 'zod'
import type { ChannelRecord } from '../../store/records.ts'

/** What a channel keeps about its bot; ids as Slack names them. `team` is the workspace. */
export type Bot = { id: string; username: string; team: string; appId?: string }

/** The answer of auth.test for a bot token. */
const authSchema = z.object({
  user_id: z.string().min(1),
  user: z.string().min(1),
  bot_id: z.string().min(1),
  team_id: z.string().nullish(),
  app_id: z.string().nullish(),
})

/** Undefined when this is not how Slack describes a bot. */
export function readBot(answer: unknown): Bot | undefined {
  const { data } = authSchema.safeParse(answer)
  if (!data) return undefined
  return { id: data.user_id, username: data.user, team: data.team_id ?? '', ...(data.app_id && { appId: data.app_id }) }
}

export function botOf({ platform }: ChannelRecord): Bot {
  const text = (name: string) => (typeof platform[name] === 'string' ? platform[name] : '')
  const appId = text('appId')
  return { id: text('botId'), username: text('botUsername'), team: text('teamId'), ...(appId && { appId }) }
}

/** As it stands in a channel's `platform`. `botUrl` opens the conversation with the bot. */
export function asPlatform({ id, username, team, appId }: Bot) {
  const botUrl = appId && `https://slack.com/app_redirect?app=${encodeURIComponent(appId)}&team=${encodeURIComponent(team)}`
  return { botId: id, botUsername: username, teamId: team, ...(appId && { appId, botUrl }) }
}
