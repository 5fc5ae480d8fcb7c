import type { FilesCompleteUploadExternalResponse, FilesGetUploadURLExternalResponse } from '@slack/web-api'
import { conversationOf, type Method, post } from './call.ts'
import { Refusal } from './refusal.ts'

/** Uploads in three steps: an address, the bytes posted to it, and the word that they belong into a conversation. */
export const uploadMethods: Record<string, Method> = {
  'files.getUploadURLExternal': {
    token: 'bot',
    scope: 'files:write',
    handle({ app, baseUrl }, { filename, length }): FilesGetUploadURLExternalResponse {
      if (!filename || !/^[1-9]\d*$/.test(length ?? '')) throw new Refusal('invalid_arguments')
      const id = `F0UP${app.files.size + 1}`
      app.files.set(id, {
        shared: {
          id,
          name: filename,
          title: filename,
          mimetype: 'application/octet-stream',
          size: Number(length),
          mode: 'hosted',
          is_external: false,
          url_private: `${baseUrl}/files-pri/${id}/${encodeURIComponent(filename)}`,
        },
        bytes: Buffer.alloc(0),
      })
      return { ok: true, file_id: id, upload_url: `${baseUrl}/upload/v1/${id}` }
    },
  },
  'files.completeUploadExternal': {
    token: 'bot',
    scope: 'files:write',
    handle(caller, { files = '[]', channel_id, thread_ts }): FilesCompleteUploadExternalResponse {
      const conversation = conversationOf(caller.app, channel_id)
      const given: { id: string; title?: string }[] = JSON.parse(files)
      for (const { id } of given) {
        const stored = caller.app.files.get(id)
        if (!stored || stored.bytes.length !== stored.shared.size) throw new Refusal('file_not_found')
        const sent = { source: '', text: '', mrkdwn: true, broadcasts: [], file: { name: stored.shared.name, bytes: stored.bytes } }
        post(caller, conversation, { ...sent, ...(thread_ts !== undefined && { threadTs: thread_ts }) })
      }
      return { ok: true, files: given }
    },
  },
}
