import * as z from 'zod/mini'
import { adminMessagesSchema, adminStatusSchema, sessionDeletedSchema } from '#protocol/admin.ts'
import * as approvals from '#protocol/approval.ts'
import { channelConfigSchema, newChannelSchema } from '#protocol/channel.ts'
import { deviceLinkSchema, deviceSessionSchema } from '#protocol/device.ts'
import { ERRORS, type ErrorCode } from '#protocol/errors.ts'
import * as answers from '#protocol/http.ts'
import { publicKeySchema } from '#protocol/keys.ts'
import {
  attachmentSchema,
  messageSchema,
  replyRequestSchema,
  replyStatusSchema,
  storedResponseSchema,
  wholePastReplySchema,
} from '#protocol/message.ts'
import * as requests from '#protocol/requests.ts'
import { sessionAnswerSchema } from '#protocol/session.ts'
import { ackFrameSchema, pingFrameSchema, replyFrameSchema, resumeFrameSchema, serverFrames } from '#protocol/socket.ts'

const codes = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]

/** Every body by the name it has in docs/openapi.yaml. Where lib/protocol leaves a member open for leniency, it is told here what it holds. */
export const schemas = {
  Error: z.extend(answers.errorAnswerSchema, { code: z.enum(codes) }),
  Ok: answers.okAnswerSchema,
  Health: answers.fullHealthAnswerSchema,
  PublicKey: publicKeySchema,
  RegisterRequest: z.extend(requests.registerRequestSchema, { publicKey: z.nullish(publicKeySchema) }),
  Registered: answers.registerAnswerSchema,
  Ticket: answers.ticketAnswerSchema,
  Session: sessionAnswerSchema,
  Attachment: attachmentSchema,
  Message: messageSchema,
  Messages: z.extend(answers.messagesAnswerSchema, { messages: z.array(messageSchema) }),
  ReplyRequest: replyRequestSchema,
  ReplyAccepted: answers.replyAnswerSchema,
  ReplyStatus: replyStatusSchema,
  PastReply: wholePastReplySchema,
  History: z.extend(answers.historyAnswerSchema, { replies: z.array(wholePastReplySchema) }),
  TypingRequest: requests.typingRequestSchema,
  StoredResponse: storedResponseSchema,
  Responses: answers.responsesAnswerSchema,
  Channel: channelConfigSchema,
  Channels: z.object({ channels: z.array(channelConfigSchema) }),
  NewChannel: newChannelSchema,
  ChannelCreated: answers.channelCreatedSchema,
  ChannelSettings: requests.channelSettingsSchema,
  ChannelPatch: requests.channelPatchSchema,
  ChannelChanged: answers.channelChangedSchema,
  RotateSecretRequest: requests.rotationRequestSchema,
  SecretRotated: answers.secretRotatedSchema,
  TakeOverRequest: requests.takeOverSchema,
  PairingCode: answers.pairingAnswerSchema,
  VerificationSent: answers.verificationAnswerSchema,
  BotRegisterRequest: requests.botRegisterSchema,
  SlackRegisterRequest: requests.slackRegisterSchema,
  BotRegistered: answers.botRegisteredSchema,
  EmailRegisterRequest: requests.emailRegisterSchema,
  EmailRegistered: answers.emailRegisteredSchema,
  WebhookAccepted: answers.webhookAnswerSchema,
  EventAccepted: answers.eventAnswerSchema,
  SlackAnswer: answers.slackAnswerSchema,
  DiscordAnswer: answers.discordAnswerSchema,
  DeviceLink: deviceLinkSchema,
  DeviceSessionRequest: requests.deviceSessionRequestSchema,
  DeviceSession: deviceSessionSchema,
  AdminLogin: requests.adminLoginSchema,
  AdminStatus: adminStatusSchema,
  AdminMessages: adminMessagesSchema,
  SessionDeleted: sessionDeletedSchema,
  ApprovalRequest: requests.approvalRequestSchema,
  ApprovalCreated: approvals.approvalCreatedSchema,
  Approval: approvals.approvalSchema,
  Approvals: approvals.approvalsAnswerSchema,
  ApprovalOutcome: approvals.approvalOutcomeSchema,
  ApprovalUse: requests.approvalUseSchema,
  ClientFrame: z.discriminatedUnion('type', [
    resumeFrameSchema,
    ackFrameSchema,
    pingFrameSchema,
    replyFrameSchema,
    approvals.approvalDecisionSchema,
  ]),
  ServerFrame: z.union(
    Object.values({
      ...serverFrames,
      ...approvals.approvalFrames,
      message: z.extend(serverFrames.message, { message: messageSchema }),
    }),
  ),
}

export type SchemaName = keyof typeof schemas

/** All of them as JSON Schema 2020-12; one that holds another refers to it. */
export function jsonSchemas(): Record<string, unknown> {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  const { schemas: converted } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, io: 'input' })
  return Object.fromEntries(
    Object.keys(schemas).map((id) => {
      const { $schema: _, $id: __, ...schema } = converted[id] ?? {}
      return [id, schema]
    }),
  )
}
