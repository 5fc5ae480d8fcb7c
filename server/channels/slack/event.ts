import * as z from 'zod'

/** Only what we read. `ts` is the id of a message within its conversation. */
const tsSchema = z.string().regex(/^\d{1,12}\.\d{1,9}$/)

const fileSchema = z.object({
  id: z.string().regex(/^[A-Z0-9]{1,40}$/),
  name: z.string().nullish(),
  title: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
  /** `tombstone` and `hidden_by_limit` are files that are no longer there. */
  mode: z.string().nullish(),
  is_external: z.boolean().nullish(),
  url_private: z.string().nullish(),
  url_private_download: z.string().nullish(),
})
export type SlackFile = z.infer<typeof fileSchema>

const messageSchema = z.object({
  ts: tsSchema,
  user: z.string().nullish(),
  bot_id: z.string().nullish(),
  subtype: z.string().nullish(),
  text: z.string().nullish(),
  thread_ts: tsSchema.nullish(),
  parent_user_id: z.string().nullish(),
  edited: z.object({ ts: tsSchema }).nullish(),
  /** A file that is not shaped as we know it must not cost the message. */
  files: z.array(fileSchema.optional().catch(undefined)).nullish().catch(undefined),
  attachments: z
    .array(z.object({ fallback: z.string().nullish(), text: z.string().nullish() }))
    .nullish()
    .catch(undefined),
})
export type SlackMessage = z.infer<typeof messageSchema>

const where = { channel: z.string().min(1).max(64) }
const message = z.object({ ...messageSchema.shape, ...where, type: z.literal('message'), channel_type: z.string() })
const mention = z.object({ ...messageSchema.shape, ...where, type: z.literal('app_mention') })
const changed = z.object({
  ...where,
  type: z.literal('message'),
  subtype: z.literal('message_changed'),
  channel_type: z.string(),
  message: messageSchema,
  previous_message: z.object({ text: z.string().nullish() }).nullish(),
})
const revoked = z.object({ type: z.literal('tokens_revoked'), tokens: z.object({ bot: z.array(z.string()).nullish() }) })
const uninstalled = z.object({ type: z.literal('app_uninstalled') })

const eventSchema = z.union([changed, message, mention, revoked, uninstalled])
export type SlackEvent = z.infer<typeof eventSchema>

/** What is wrapped around every event. */
const callbackSchema = z.object({
  type: z.literal('event_callback'),
  team_id: z.string().nullish(),
  authorizations: z
    .array(z.object({ team_id: z.string().nullish() }))
    .nullish()
    .catch(undefined),
  event: z.looseObject({ type: z.string() }),
})

/** `teams` are the workspaces it is told for; `event` is undefined for kinds we do nothing with. */
export type Callback = { teams: string[]; event: SlackEvent | undefined }

/** Undefined when this is no event of Slack. */
export function readCallback(value: unknown): Callback | undefined {
  const { data } = callbackSchema.safeParse(value)
  if (!data) return undefined
  const teams = [data.team_id, ...(data.authorizations ?? []).map(({ team_id }) => team_id)]
  return {
    teams: teams.filter((team) => typeof team === 'string'),
    event: eventSchema.safeParse(data.event).data,
  }
}
