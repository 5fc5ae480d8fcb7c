import * as z from 'zod'
import { RelayError } from '#protocol/errors.ts'
import { MAX_CHANNEL_NAME } from '#protocol/limits.ts'
import { jsonObject } from '../../http/json.ts'

/** Everything a token may consist of: it becomes part of a header. */
const tokenSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9._-]{1,512}$/)
const secretSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9]{8,128}$/)
const optionsSchema = z.object({
  agentId: z.string().nullish(),
  name: z.string().max(MAX_CHANNEL_NAME).nullish(),
})

/** What POST /channels/slack/register asks for. */
export type Wanted = {
  botToken: string
  appToken: string | undefined
  signingSecret: string | undefined
  agentId?: string | null | undefined
  name?: string | null | undefined
}

/** Throws missing_field, invalid_field. relay:SL1 */
export function readWanted(body: Buffer): Wanted {
  const fields = jsonObject(body)
  const botToken = tokenSchema.safeParse(fields.botToken)
  if (!botToken.success) throw new RelayError(fields.botToken ? 'invalid_field' : 'missing_field', 'Missing or invalid botToken')
  const options = optionsSchema.safeParse(fields)
  if (!options.success)
    throw new RelayError('invalid_field', `"agentId" and "name" must be texts, the name of at most ${MAX_CHANNEL_NAME} characters.`)
  return {
    botToken: botToken.data,
    appToken: optional(tokenSchema, fields, 'appToken'),
    signingSecret: optional(secretSchema, fields, 'signingSecret'),
    ...options.data,
  }
}

function optional(schema: z.ZodType<string>, fields: Record<string, unknown>, name: string): string | undefined {
  const value = fields[name]
  if (value === undefined || value === null || value === '') return undefined
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new RelayError('invalid_field', `Invalid ${name}`)
  return parsed.data
}
