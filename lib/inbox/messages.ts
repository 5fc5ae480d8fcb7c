import * as z from 'zod/mini'
import { outgoingAttachmentSchema } from '#protocol/message.ts'
import { defineMessages } from '../messaging/define.ts'

const conversation = z.object({ profileId: z.string(), conversationId: z.string() })
const nothing = z.void()

/** Pages ask the worker to act on the inbox; reading goes through lib/inbox/queries.ts. */
export const inboxMessages = defineMessages('background', 'inbox', {
  /** Resolves once the reply is stored in this browser. client:CRP1, CRP5 */
  send: {
    input: z.object({
      profileId: z.string(),
      conversationId: z.string(),
      content: z.string(),
      attachments: z.array(outgoingAttachmentSchema),
    }),
    output: z.object({ clientId: z.string() }),
  },
  /** Sends a failed reply anew, with a new clientId. client:CRP3 */
  retry: { input: z.object({ clientId: z.string() }), output: z.object({ clientId: z.string() }) },
  discard: { input: z.object({ clientId: z.string() }), output: nothing },
  markRead: { input: conversation, output: nothing },
  markUnread: { input: conversation, output: nothing },
  saveDraft: { input: z.object({ profileId: z.string(), conversationId: z.string(), text: z.string() }), output: nothing },
  /** client:CRP6 */
  typing: { input: conversation, output: nothing },
  removeMessage: { input: z.object({ profileId: z.string(), messageId: z.string() }), output: nothing },
  removeConversation: { input: conversation, output: nothing },
  dismissGap: { input: z.object({ profileId: z.string(), id: z.string() }), output: nothing },
  /** Puts the bytes into the `files` store, checked by client:CAT1 and CAT2. */
  fetchFile: {
    input: z.object({ profileId: z.string(), messageId: z.string(), attachmentId: z.string() }),
    output: z.object({ preview: z.boolean() }),
  },
})

const fields = {
  /** `ask` until the first run's question is answered. client:INB4 */
  notifications: z.enum(['ask', 'on', 'off']),
  /** client:INB3 */
  notificationContent: z.boolean(),
  mutedChannels: z.array(z.string()),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
  /** Single letters as keys, outside text fields. */
  shortcuts: z.boolean(),
  /** client:CAT3: senders whose emails load their images. */
  imagesFrom: z.array(z.string()),
  /** client:CDD11: messages kept per profile, the oldest read ones go first. */
  keepMessages: z.number(),
}

export const settingsSchema = z.object({
  notifications: z._default(fields.notifications, 'ask'),
  notificationContent: z._default(fields.notificationContent, false),
  mutedChannels: z._default(fields.mutedChannels, []),
  theme: z._default(fields.theme, 'system'),
  density: z._default(fields.density, 'comfortable'),
  shortcuts: z._default(fields.shortcuts, true),
  imagesFrom: z._default(fields.imagesFrom, []),
  keepMessages: z._default(fields.keepMessages, 100_000),
})
export type Settings = z.infer<typeof settingsSchema>

/** Without defaults: a change of one setting must not put the others back. */
const settingsChangeSchema = z.partial(z.object(fields))

export const settingsMessages = defineMessages('background', 'settings', {
  get: { input: nothing, output: settingsSchema },
  set: { input: settingsChangeSchema, output: nothing },
})
