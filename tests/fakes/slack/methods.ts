import type {
  AppsConnectionsOpenResponse,
  AuthTestResponse,
  ChatPostMessageResponse,
  ConversationsHistoryResponse,
  ConversationsRepliesResponse,
  FilesInfoResponse,
  UsersInfoResponse,
} from '@slack/web-api'
import { conversationOf, type Method, needHistory, post } from './call.ts'
import type { FakeMessage } from './model.ts'
import { readMrkdwn } from './mrkdwn.ts'
import { Refusal } from './refusal.ts'
import { uploadMethods } from './uploads.ts'

const LONGEST_TEXT = 40_000

/** Methods of the Web API, with answers of the type the official client reads: the compiler tells when the fake differs. */
export const methods: Record<string, Method> = {
  'auth.test': {
    token: 'bot',
    handle: ({ app }): AuthTestResponse => ({
      ok: true,
      url: 'https://ada-team.slack.com/',
      team: 'Ada’s team',
      team_id: app.teamId,
      user: app.name,
      user_id: app.botUserId,
      bot_id: app.botId,
      app_id: app.appId,
      is_enterprise_install: false,
    }),
  },
  'apps.connections.open': {
    token: 'app',
    handle: ({ app, openSocket }): AppsConnectionsOpenResponse => ({ ok: true, url: openSocket(app) }),
  },
  'chat.postMessage': {
    token: 'bot',
    scope: 'chat:write',
    handle(caller, { channel, text = '', thread_ts, mrkdwn }): ChatPostMessageResponse {
      const conversation = conversationOf(caller.app, channel)
      if (text === '') throw new Refusal('no_text')
      if (text.length > LONGEST_TEXT) throw new Refusal('msg_too_long')
      if (thread_ts !== undefined && !/^\d+\.\d{6}$/.test(thread_ts)) throw new Refusal('invalid_thread_ts')
      const { ts } = post(caller, conversation, {
        source: text,
        ...readMrkdwn(text),
        mrkdwn: mrkdwn !== 'false',
        ...(thread_ts !== undefined && { threadTs: thread_ts }),
      })
      return { ok: true, channel: conversation.id, ts, message: { type: 'message', ts, text, bot_id: caller.app.botId } }
    },
  },
  'users.info': {
    token: 'bot',
    scope: 'users:read',
    handle({ app }, { user }): UsersInfoResponse {
      const found = app.users.get(user ?? '')
      if (!found) throw new Refusal('user_not_found')
      const { id, name, displayName, realName } = found
      return {
        ok: true,
        user: { id, name, real_name: realName, profile: { display_name: displayName, real_name: realName } },
      }
    },
  },
  'conversations.history': {
    token: 'bot',
    handle({ app }, { channel, oldest = '0', limit = '100', cursor }): ConversationsHistoryResponse {
      const conversation = conversationOf(app, channel)
      needHistory(app, conversation)
      const after = conversation.messages.filter(
        ({ ts, thread_ts }) => ts > oldest && (thread_ts === undefined || thread_ts === ts),
      )
      return { ok: true, ...page(after.toReversed(), limit, cursor) }
    },
  },
  'conversations.replies': {
    token: 'bot',
    handle({ app }, { channel, ts = '', limit = '1000', oldest = '0', cursor }): ConversationsRepliesResponse {
      const conversation = conversationOf(app, channel)
      needHistory(app, conversation)
      const thread = conversation.messages.filter(
        (message) => message.ts === ts || (message.thread_ts === ts && message.ts > oldest),
      )
      if (thread.length === 0) throw new Refusal('thread_not_found')
      return { ok: true, ...page(thread, limit, cursor) }
    },
  },
  'files.info': {
    token: 'bot',
    scope: 'files:read',
    handle({ app }, { file }): FilesInfoResponse {
      const found = app.files.get(file ?? '')
      if (!found) throw new Refusal('file_not_found')
      return { ok: true, file: found.shared }
    },
  },
  ...uploadMethods,
}

/** A page of a list, and where the next one begins. */
function page(all: FakeMessage[], limit: string, cursor: string | undefined) {
  const from = cursor ? Number(cursor.replace('next:', '')) : 0
  const to = from + Number(limit)
  const more = to < all.length
  return { messages: all.slice(from, to), has_more: more, response_metadata: { next_cursor: more ? `next:${to}` : '' } }
}
