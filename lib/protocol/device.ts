import * as z from 'zod/mini'

/** POST /app/device-link. `url` holds the token in its fragment. relay:DEV1, client:LNK1 */
export const deviceLinkSchema = z.object({ token: z.string(), url: z.string(), expiresInSeconds: z.number() })
export type DeviceLink = z.infer<typeof deviceLinkSchema>

/** POST /app/session, beside the cookie. relay:DEV1 */
export const deviceSessionSchema = z.object({ ok: z.literal(true), expiresInSeconds: z.number() })
export type DeviceSession = z.infer<typeof deviceSessionSchema>
