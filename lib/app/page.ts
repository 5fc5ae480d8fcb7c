import '../platform/noEval.ts'
import { browser } from 'wxt/browser'
import { approvalMessages } from '../approvals/messages.ts'
import { channelChoreMessages, channelMessages } from '../channels/messages.ts'
import { openDatabase } from '../database/open.ts'
import { choreMessages, inboxMessages, settingsMessages } from '../inbox/messages.ts'
import { call } from '../messaging/call.ts'
import { createChanges } from '../messaging/changes.ts'
import type { Envelope } from '../messaging/define.ts'
import { profileMessages } from '../profiles/messages.ts'
import { connectionMessages } from '../relay/messages.ts'

/** What every page of the extension works with, whatever profile it shows. */
export type OpenPage = Awaited<ReturnType<typeof openPage>>
/** The same for the profile in view. */
export type PageContext = OpenPage & { profileId: string }

/** What a page works with: the database to read, changes to follow, and callers that ask the worker to act. Throws Failure `database_upgrade`. */
export async function openPage() {
  const db = await openDatabase()
  const changes = createChanges()
  const send = (envelope: Envelope): Promise<unknown> => browser.runtime.sendMessage(envelope)
  return {
    db,
    changes,
    connection: call(connectionMessages, send),
    inbox: call(inboxMessages, send),
    chores: call(choreMessages, send),
    channels: call(channelMessages, send),
    channelChores: call(channelChoreMessages, send),
    approvals: call(approvalMessages, send),
    settings: call(settingsMessages, send),
    profiles: call(profileMessages, send),
    close(): void {
      changes.close()
      db.close()
    },
  }
}
