import * as z from 'zod'

/** Where the session is committed: with each message. relay:DUR4 */
export const SESSION = 'discord.session'

/** In its place when there is nothing to go on with. */
export const NO_SESSION = ''

const sessionSchema = z.object({
  sessionId: z.string(),
  resumeUrl: z.string(),
  /** The last event that is committed. */
  sequence: z.int(),
  /** It was begun with the right to read what is written in servers. */
  content: z.boolean(),
})

/** What it takes to go on where the Gateway was left. */
export type GatewaySession = z.infer<typeof sessionSchema>

/** Undefined when there was none, or one that this version does not understand. */
export function readSession(text: string | undefined): GatewaySession | undefined {
  if (text === undefined || text === NO_SESSION) return undefined
  try {
    return sessionSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

export function sessionPosition(session: GatewaySession): { key: string; value: string } {
  return { key: SESSION, value: JSON.stringify(session) }
}
