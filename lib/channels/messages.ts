import * as z from 'zod/mini'
import { channelConfigSchema, directionSchema } from '#protocol/channel.ts'
import {
  botRegisteredSchema,
  emailRegisteredSchema,
  pairingAnswerSchema,
  secretRotatedSchema,
  verificationAnswerSchema,
} from '#protocol/http.ts'
import { defineMessages } from '../messaging/define.ts'

const channel = z.object({ profileId: z.string(), channelId: z.string() })
const nothing = z.void()

/** Fields a card may change; only those given are sent. client:CHN1 */
export const channelChangeSchema = z.partial(
  z.object({
    name: z.string(),
    prompt: z.string(),
    agentId: z.string(),
    enabled: z.boolean(),
    direction: directionSchema,
    runInBackground: z.boolean(),
    notifyOnComplete: z.boolean(),
    mentionOnly: z.boolean(),
    allowedUsers: z.array(z.string()),
    allowedSenders: z.array(z.string()),
  }),
)
export type ChannelChange = z.infer<typeof channelChangeSchema>

/** Every call registers a session first if there is none (client:CON8). Refusals throw Failure with the relay's code and sentence. */
export const channelMessages = defineMessages('background', 'channels', {
  /** Asks the relay and writes the `channels` store. */
  refresh: { input: z.object({ profileId: z.string() }), output: nothing },
  addWebhook: {
    input: z.object({ profileId: z.string(), name: z.string() }),
    output: z.object({ channel: channelConfigSchema, webhookUrl: z.string() }),
  },
  addTelegram: {
    input: z.object({ profileId: z.string(), botToken: z.string(), remember: z.boolean() }),
    output: botRegisteredSchema,
  },
  addDiscord: {
    input: z.object({ profileId: z.string(), botToken: z.string(), remember: z.boolean() }),
    output: botRegisteredSchema,
  },
  addSlack: {
    input: z.object({ profileId: z.string(), botToken: z.string(), appToken: z.optional(z.string()), remember: z.boolean() }),
    output: botRegisteredSchema,
  },
  addEmail: {
    input: z.object({ profileId: z.string(), userEmail: z.string(), name: z.string() }),
    output: emailRegisteredSchema,
  },
  change: { input: z.extend(channel, { change: channelChangeSchema }), output: channelConfigSchema },
  /** The owner answers a conversation alone, or lets agents answer again. `conversation` as the relay names it. client:TKO1 */
  takeOver: { input: z.extend(channel, { conversation: z.string(), on: z.boolean() }), output: channelConfigSchema },
  remove: { input: channel, output: nothing },
  /** client:WIZ6 */
  newPairingCode: { input: channel, output: pairingAnswerSchema },
  resendVerification: { input: channel, output: verificationAnswerSchema },
  /** Posts a sample to the webhook's address and resolves with the id it was stored under. client:WIZ5 */
  sendTest: { input: channel, output: z.object({ messageId: z.string() }) },
  /**
   * Renews a webhook's address or the secret its senders sign with; `none` ends signing. The answer is shown once and kept nowhere but in
   * the vault. client:CHN3, REC4
   */
  rotateSecret: {
    input: z.extend(channel, { which: z.enum(['url', 'signing']), scheme: z.optional(z.enum(['standard', 'github', 'none'])) }),
    output: secretRotatedSchema,
  },
  /**
   * Rebuilds a channel the relay lost from what was kept here; `anew` as another one, where its address belongs to an identity that is lost.
   * Throws Failure `paste_token` when only its owner can. client:REC2, REC3
   */
  registerAgain: { input: z.extend(channel, { anew: z.optional(z.boolean()) }), output: z.object({ channelId: z.string() }) },
})

/** What needs nothing of the worker. */
export const channelChoreMessages = defineMessages('chores', 'channelChores', {
  /** client:WIZ7 */
  dismissStep: { input: channel, output: nothing },
})
