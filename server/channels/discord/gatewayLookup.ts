import type { API } from '@discordjs/core/http-only'
import { ApplicationFlags } from 'discord-api-types/v10'
import * as z from 'zod'
import { NoAnswer } from './requests.ts'

const infoSchema = z.object({
  url: z.string().regex(/^wss?:\/\/[^/?#]+\/?[^?#]*$/),
  session_start_limit: z.object({ remaining: z.number(), reset_after: z.number() }),
})
const applicationSchema = z.object({ flags: z.int() })

/** Where the Gateway is; `startsLeft` says whether a new session may begin, otherwise after `resetMs`. relay:DC2 */
export async function findGateway(api: API, signal: AbortSignal): Promise<{ url: string; startsLeft: boolean; resetMs: number }> {
  const info = infoSchema.safeParse(await api.gateway.getBot({ signal }))
  if (!info.success) throw new NoAnswer(false)
  const { remaining, reset_after } = info.data.session_start_limit
  return { url: info.data.url.replace(/\/$/, ''), startsLeft: remaining > 0, resetMs: reset_after }
}

const CONTENT = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited

/** Whether the Message Content Intent is switched on by now. False where Discord cannot be asked. relay:DC4 */
export async function mayReadContent(api: API, signal: AbortSignal): Promise<boolean> {
  try {
    const application = applicationSchema.safeParse(await api.applications.getCurrent({ signal }))
    return application.success && (application.data.flags & CONTENT) !== 0
  } catch {
    return false
  }
}
