import * as z from 'zod/mini'
import { outgoingAttachmentSchema } from '#protocol/message.ts'
import { defineMessages } from '../messaging/define.ts'

const conversation = z.object({ profileId: z.string(), conversationId: z.string() })
const nothing = z.void()
const markChange = z.object({
  pinned: z.optional(z.boolean()),
  archived: z.optional(z.boolean()),
  snoozedUntil: z.optional(z.number()),
  mutedUntil: z.optional(z.number()),
})

/** client:CDD9 */
const awaySchema = z.object({ on: z.boolean(), text: z.string(), everyHours: z.number() })

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
  /** client:MRK1-MRK4, SNZ1 */
  mark: { input: z.extend(conversation, { change: markChange }), output: nothing },
  saveDraft: { input: z.object({ profileId: z.string(), conversationId: z.string(), text: z.string() }), output: nothing },
  /** client:CRP6 */
  typing: { input: conversation, output: nothing },
  /** Puts the bytes into the `files` store, checked by client:CAT1 and CAT2. */
  fetchFile: {
    input: z.object({ profileId: z.string(), messageId: z.string(), attachmentId: z.string() }),
    output: z.object({ preview: z.boolean() }),
  },
})

/** What needs nothing of the worker, pages ask of the script that does the chores: the worker loads all it has at every wake. */
export const choreMessages = defineMessages('chores', 'chores', {
  /** Makes room in a full storage, and lets messages in again. client:CDD10 */
  cleanUp: { input: nothing, output: z.object({ bytes: z.number(), files: z.number(), messages: z.number() }) },
  /** What a channel answers by itself. client:CDD9 */
  setAway: { input: z.object({ profileId: z.string(), channelId: z.string(), away: awaySchema }), output: nothing },
  /** client:INB5 */
  removeMessage: { input: z.object({ profileId: z.string(), messageId: z.string() }), output: nothing },
  removeConversation: { input: conversation, output: nothing },
  /** client:RCH4: it is in a draft now. */
  dropClip: { input: z.object({ id: z.string() }), output: nothing },
  dismissGap: { input: z.object({ profileId: z.string(), id: z.string() }), output: nothing },
})

/** What is typed into the address bar after the keyword. client:OMB1-OMB3 */
export const addressBarMessages = defineMessages('chores', 'addressBar', {
  suggest: {
    input: z.object({ text: z.string() }),
    output: z.array(z.object({ content: z.string(), description: z.string() })),
  },
  /** The page of the popup it leads to. */
  choose: { input: z.object({ text: z.string() }), output: z.object({ page: z.string() }) },
})

/** Of this browser, whatever profile is shown. */
const sharedFields = {
  /** `ask` until the first run's question is answered. client:INB4 */
  notifications: z.enum(['ask', 'on', 'off']),
  /** client:INB3 */
  notificationContent: z.boolean(),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
  /** Single letters as keys, outside text fields. */
  shortcuts: z.boolean(),
  /** client:CAT1: when the files of a message are fetched. */
  fetchFiles: z.enum(['opened', 'arriving']),
  /** client:CDD11: messages kept per profile, the oldest read ones go first. */
  keepMessages: z.number(),
  /** When not to disturb; lib/inbox/quiet.ts reads it. client:DND1 */
  quiet: z.unknown(),
}

/** Of one profile. client:PRF2 */
const ownFields = {
  /** client:INB4: off, nothing of this profile makes a notification. */
  profileNotifications: z.boolean(),
  mutedChannels: z.array(z.string()),
  /** client:OBS1 */
  observedChannels: z.array(z.string()),
  /** client:CAT3: senders whose emails load their images. */
  imagesFrom: z.array(z.string()),
  /** client:QRP1 */
  quickReplies: z.array(z.object({ name: z.string(), text: z.string() })),
}

export const sharedSettingsSchema = z.object({
  notifications: z._default(sharedFields.notifications, 'ask'),
  notificationContent: z._default(sharedFields.notificationContent, false),
  theme: z._default(sharedFields.theme, 'system'),
  density: z._default(sharedFields.density, 'comfortable'),
  shortcuts: z._default(sharedFields.shortcuts, true),
  fetchFiles: z._default(sharedFields.fetchFiles, 'opened'),
  keepMessages: z._default(sharedFields.keepMessages, 100_000),
  quiet: z.optional(sharedFields.quiet),
})
export const ownSettingsSchema = z.object({
  profileNotifications: z._default(ownFields.profileNotifications, true),
  mutedChannels: z._default(ownFields.mutedChannels, []),
  observedChannels: z._default(ownFields.observedChannels, []),
  imagesFrom: z._default(ownFields.imagesFrom, []),
  quickReplies: z._default(ownFields.quickReplies, []),
})
/** Where they are kept. */
export const ownSettingsKey = (profileId: string): string => `settings:${profileId}`
/** What the pages of a profile go by. */
const settingsSchema = z.extend(sharedSettingsSchema, ownSettingsSchema.shape)
export type Settings = z.infer<typeof settingsSchema>

/** Without defaults: a change of one setting must not put the others back. */
const settingsChangeSchema = z.partial(z.object({ ...sharedFields, ...ownFields }))
export type SettingsChange = z.infer<typeof settingsChangeSchema>

export const settingsMessages = defineMessages('background', 'settings', {
  get: { input: z.object({ profileId: z.string() }), output: settingsSchema },
  set: { input: z.object({ profileId: z.string(), change: settingsChangeSchema }), output: nothing },
})
