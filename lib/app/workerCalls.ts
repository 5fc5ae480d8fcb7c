import { okAnswerSchema } from '#protocol/http.ts'
import { approvalMessages } from '../approvals/messages.ts'
import { changeMode } from '../approvals/mode.ts'
import type { Approvals } from '../approvals/service.ts'
import { channelMessages } from '../channels/messages.ts'
import type { Database } from '../database/open.ts'
import type { FetchFile } from '../inbox/fetchFile.ts'
import { createInboxHandlers } from '../inbox/handlers.ts'
import { inboxMessages, settingsMessages } from '../inbox/messages.ts'
import type { Changes } from '../messaging/changes.ts'
import type { Caller, Handlers } from '../messaging/define.ts'
import { serve } from '../messaging/serve.ts'
import { systemTimers as timers } from '../platform/timers.ts'
import { profileMessages } from '../profiles/messages.ts'
import { setRelayUrl, setStopped, trustOfferedKey } from '../profiles/store.ts'
import type { Network } from '../relay/exchange.ts'
import { createConnectionHandlers } from '../relay/handlers.ts'
import type { RelayClient } from '../relay/http.ts'
import { connectionMessages } from '../relay/messages.ts'
import { arrivalMessages, type socketMessages } from '../relay/socketMessages.ts'
import { changeSettings, readSettings } from './settings.ts'

/** All calls the worker answers, table by table. */
export function serveWorker({
  db,
  approvals,
  network,
  client,
  changes,
  sockets,
  fetchFile,
  afterReading,
  channels,
  arrivals,
  profileChanged,
}: {
  db: Database
  approvals: Pick<Approvals, 'decide'>
  network: Network
  client: RelayClient
  changes: Changes
  sockets: Caller<typeof socketMessages.table>
  fetchFile: FetchFile
  afterReading: (profileId: string, conversationId: string) => Promise<void>
  channels: Handlers<typeof channelMessages.table>
  arrivals: Handlers<typeof arrivalMessages.table>
  profileChanged: (profileId: string) => Promise<void>
}) {
  async function telling(profileId: string, change: Promise<void>): Promise<void> {
    await change
    changes.tell({ topic: 'profiles', profileId })
  }

  const inbox = createInboxHandlers({
    db,
    timers,
    tell: changes.tell,
    fetchFile,
    // Not awaited: the reply is stored, and a document that cannot be reached sends it at its next connection.
    flush: (profileId) => void sockets.flush({ profileId }).catch(() => undefined),
    typing: (profileId, channelId, channelType) =>
      client.ask(profileId, { method: 'POST', target: '/typing', body: { channelId, channelType, by: 'human' } }, okAnswerSchema),
    onRead: afterReading,
  })

  const connection = createConnectionHandlers({
    db,
    network,
    client,
    sockets,
    profiles: {
      setStopped: (profileId, stopped) => telling(profileId, setStopped(db, profileId, stopped)),
      setRelayUrl: (profileId, url) => telling(profileId, setRelayUrl(db, profileId, url)),
      trustOfferedKey: (profileId, typed) => telling(profileId, trustOfferedKey(db, profileId, typed, timers.now())),
    },
  })

  return {
    inbox,
    served: [
      serve(connectionMessages, connection),
      serve(inboxMessages, inbox),
      serve(channelMessages, channels),
      serve(arrivalMessages, arrivals),
      serve(approvalMessages, {
        decide: async ({ profileId, id, decision, by }) => ({ counted: await approvals.decide(profileId, id, decision, by) }),
        async setMode({ profileId, mode, confirmed }) {
          await changeMode(db, profileId, mode, confirmed)
          changes.tell({ topic: 'settings', profileId })
        },
      }),
      serve(profileMessages, {
        async changed({ profileId }) {
          changes.tell({ topic: 'profiles', profileId })
          await sockets.sync(undefined)
          await profileChanged(profileId)
        },
      }),
      serve(settingsMessages, {
        get: ({ profileId }) => readSettings(db, profileId),
        async set({ profileId, change }) {
          await changeSettings(db, profileId, change)
          changes.tell({ topic: 'settings', profileId })
        },
      }),
    ],
  }
}
