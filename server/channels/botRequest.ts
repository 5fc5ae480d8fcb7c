import * as z from 'zod'
import { RelayError } from '#protocol/errors.ts'
import { MAX_CHANNEL_NAME } from '#protocol/limits.ts'
import { jsonObject } from '../http/json.ts'

const optionsSchema = z.object({
  agentId: z.string().nullish(),
  name: z.string().max(MAX_CHANNEL_NAME).nullish(),
})

/** What somebody asks for who registers a bot. */
export type BotRequest = z.infer<typeof optionsSchema> & { token: string }

/** The body of a register route. `shape`: everything a token of this platform may consist of. Throws missing_field, invalid_field. */
export function readBotRequest(body: Buffer, shape: RegExp): BotRequest {
  const fields = jsonObject(body)
  const token = z.string().trim().regex(shape).safeParse(fields.botToken)
  if (!token.success) throw new RelayError(fields.botToken ? 'invalid_field' : 'missing_field', 'Missing or invalid botToken')
  const options = optionsSchema.safeParse(fields)
  if (!options.success) {
    throw new RelayError('invalid_field', `"agentId" and "name" must be texts, the name of at most ${MAX_CHANNEL_NAME} characters.`)
  }
  return { token: token.data, ...options.data }
}

/** The members of a channel's record that were asked for. */
export function namedFields({ agentId, name }: Pick<BotRequest, 'agentId' | 'name'>): { agentId?: string; name?: string } {
  return { ...(agentId != null && { agentId }), ...(name != null && { name }) }
}
