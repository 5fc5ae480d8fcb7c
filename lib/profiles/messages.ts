import * as z from 'zod/mini'
import { defineMessages } from '../messaging/define.ts'

/** Profiles are made, renamed and deleted by the pages, where their keys are made; sockets, badge and notifications follow. client:PRF2, PRF5 */
export const profileMessages = defineMessages('background', 'profiles', {
  changed: { input: z.object({ profileId: z.string() }), output: z.void() },
})
