import type { FakeApp, FakeConversation, FakeMessage, Sent } from './model.ts'
import { Refusal } from './refusal.ts'

export type Caller = { app: FakeApp; baseUrl: string; nextTs(): string; openSocket(app: FakeApp): string }
type Args = Record<string, string | undefined>
export type Method = { token: 'bot' | 'app'; scope?: string; handle(caller: Caller, args: Args): object }

const HISTORY_SCOPE: Record<FakeConversation['kind'], string> = {
  im: 'im:history',
  channel: 'channels:history',
  group: 'groups:history',
  mpim: 'mpim:history',
  app_home: 'im:history',
}

export function needScope(app: FakeApp, scope: string): void {
  if (!app.scopes.includes(scope)) throw new Refusal('missing_scope', { needed: scope, provided: app.scopes.join(',') })
}

export function needHistory(app: FakeApp, { kind }: FakeConversation): void {
  needScope(app, HISTORY_SCOPE[kind])
}

export function conversationOf(app: FakeApp, id: string | undefined): FakeConversation {
  const found = app.conversations.get(id ?? '')
  if (!found) throw new Refusal('channel_not_found')
  if (found.archived) throw new Refusal('is_archived')
  return found
}

/** Puts something the bot says into the conversation. Slack tells the app of its own messages too. */
export function post({ app, nextTs }: Caller, { id, messages }: FakeConversation, sent: Omit<Sent, 'channel' | 'ts'>): FakeMessage {
  const message: FakeMessage = {
    type: 'message',
    ts: nextTs(),
    user: app.botUserId,
    bot_id: app.botId,
    app_id: app.appId,
    text: sent.source,
    ...(sent.threadTs !== undefined && { thread_ts: sent.threadTs }),
  }
  messages.push(message)
  app.sent.put({ ...sent, channel: id, ts: message.ts })
  return message
}
