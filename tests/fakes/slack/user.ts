import type { types } from '@slack/bolt'
import type { Event } from './events.ts'
import type { FakeApp, FakeConversation, FakeMessage, FakePerson, SharedFile } from './model.ts'

/**
 * A file somebody shares. `external` ones lie elsewhere; of `checked` ones (of another workspace) Slack tells only the id; `at` is the address Slack
 * is made to name for one that it keeps.
 */
export type Given = { bytes: Buffer; name: string; mimetype: string; external?: string; checked?: true; at?: string }
type Place = { in?: FakeConversation; thread?: string; files?: Given[] }

export type FakeUser = ReturnType<typeof createUser>

/** Somebody in the workspace. Where nothing is said, they write to the bot directly; what they do is told to the app. */
export function createUser(
  person: FakePerson,
  { app, baseUrl, nextTs, emit }: { app: FakeApp; baseUrl: string; nextTs: () => string; emit: (event: Event) => void },
) {
  const direct: FakeConversation = { id: `D0${person.id.slice(2)}`, kind: 'im', archived: false, messages: [] }
  app.conversations.set(direct.id, direct)

  /** Slack tells of one message up to twice: as a message, and as a mention of the app. */
  function tell(conversation: FakeConversation, message: FakeMessage): void {
    const where = { channel: conversation.id, event_ts: message.ts, team: app.teamId }
    if (conversation.kind !== 'im' && message.text.includes(`<@${app.botUserId}>`)) {
      const { type: _, subtype: __, ...mention } = message
      emit({ ...mention, ...where, type: 'app_mention' } as types.AppMentionEvent)
    }
    emit({ ...message, ...where, channel_type: conversation.kind } as types.AllMessageEvents)
  }

  function share({ bytes, name, mimetype, external, checked, at }: Given): SharedFile {
    const id = `F0${app.files.size + 1}${person.id.slice(2)}`
    const url = external ?? at ?? `${baseUrl}/files-pri/${app.teamId}-${id}/${encodeURIComponent(name)}`
    const shared: SharedFile = {
      id,
      name,
      title: name,
      mimetype,
      size: bytes.length,
      mode: external ? 'external' : 'hosted',
      is_external: external !== undefined,
      url_private: url,
      ...(!external && { url_private_download: at ?? url.replace(/\/([^/]*)$/, '/download/$1') }),
    }
    app.files.set(id, { shared, bytes })
    return checked ? ({ id, mode: 'hosted', file_access: 'check_file_info' } as SharedFile) : shared
  }

  return {
    ...person,
    direct,
    send(text: string, { in: conversation = direct, thread, files }: Place = {}): FakeMessage {
      const root = conversation.messages.find(({ ts }) => ts === thread)
      const message: FakeMessage = {
        type: 'message',
        user: person.id,
        text,
        ts: nextTs(),
        ...(thread !== undefined && { thread_ts: thread }),
        ...(root && { parent_user_id: root.user }),
        ...(files && { subtype: 'file_share' as const, files: files.map(share) }),
      }
      conversation.messages.push(message)
      tell(conversation, message)
      return message
    },
    /** `in` is the conversation the message stands in. */
    edit(original: FakeMessage, text: string, { in: conversation = direct }: Place = {}): void {
      const ts = nextTs()
      const message = { ...original, text, edited: { user: person.id, ts } }
      const previous_message = { ...original }
      Object.assign(original, message)
      changed(conversation, ts, message, previous_message)
    },
    /** Slack adds a preview to a message; nobody wrote anything. */
    unfurl(original: FakeMessage, { in: conversation = direct }: Place = {}): void {
      const message = { ...original, attachments: [{ fallback: 'a preview', title: 'Example' }] }
      changed(conversation, nextTs(), message, { ...original })
    },
    delete(original: FakeMessage, { in: conversation = direct }: Place = {}): void {
      const ts = nextTs()
      const common = { type: 'message', hidden: true, channel: conversation.id, channel_type: conversation.kind } as const
      emit({ ...common, subtype: 'message_deleted', ts, event_ts: ts, deleted_ts: original.ts, previous_message: original })
    },
  }

  function changed({ id, kind }: FakeConversation, ts: string, message: FakeMessage, previous_message: FakeMessage): void {
    const common = { type: 'message', subtype: 'message_changed', hidden: true, channel: id, channel_type: kind } as const
    emit({ ...common, ts, event_ts: ts, message, previous_message })
  }
}
