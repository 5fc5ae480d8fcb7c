import type { browser } from 'wxt/browser'
import { createRecovery } from '../channels/recovery.ts'
import { createChannelService } from '../channels/service.ts'
import { createVault } from '../channels/vault.ts'
import { openDatabase } from '../database/open.ts'
import { createAutomation } from '../inbox/automation.ts'
import { createAwayAnswer } from '../inbox/away.ts'
import { moveAway } from '../inbox/awayRecord.ts'
import { createArrivingFetcher } from '../inbox/fetchArriving.ts'
import { createFileFetcher } from '../inbox/fetchFile.ts'
import type { NoticeTarget } from '../inbox/notices.ts'
import { countUnread } from '../inbox/unread.ts'
import { createWriting } from '../inbox/writing.ts'
import { call } from '../messaging/call.ts'
import { createChanges } from '../messaging/changes.ts'
import { createLocks } from '../platform/locks.ts'
import { createOffscreenDocument } from '../platform/offscreenDocument.ts'
import { approvalPage, conversationPage, openSmallWindow, profileQuery } from '../platform/smallWindow.ts'
import { systemTimers } from '../platform/timers.ts'
import { ensureWatchdog } from '../platform/watchdog.ts'
import { ensureDefaultProfile } from '../profiles/setup.ts'
import { createRelayClient } from '../relay/http.ts'
import { createRegistrar } from '../relay/register.ts'
import { socketMessages } from '../relay/socketMessages.ts'
import { wireApprovals } from './approvals.ts'
import { createBadge } from './badge.ts'
import { createNotifier, type NoticeTexts } from './notifier.ts'
import { createReach } from './reach.ts'
import { readSettings } from './settings.ts'
import { serveWorker } from './workerCalls.ts'

export type Worker = Awaited<ReturnType<typeof createWorker>>

/** The service worker's parts, wired. All of it may die after any line: what must last is in the database. client:ARC2, ARC3 */
export async function createWorker(chrome: typeof browser, texts: NoticeTexts) {
  const db = await openDatabase()
  const timers = systemTimers
  const { now } = timers
  const network = { fetch: (url: string, init: RequestInit) => fetch(url, init), timers }
  const locks = createLocks(navigator.locks)
  const changes = createChanges()
  const notifier = createNotifier({ db, chrome, texts, now })
  const ensureOffscreen = createOffscreenDocument(chrome, '/offscreen.html')
  const sockets = call(socketMessages, async (envelope) => {
    await ensureOffscreen()
    return chrome.runtime.sendMessage(envelope)
  })
  const registrar = createRegistrar({ db, network, locks, onLost: (profileId) => void sessionLost(profileId) })
  const client = createRelayClient({ db, network, registrar })
  const vault = createVault({ db })
  const recovery = createRecovery({ db, client, vault, locks, now, onMoved: (...move) => moveAway(db, ...move) })
  const channels = createChannelService({ db, client, vault, now, tell: tellChannels, waiting: recovery.waiting })

  function tellChannels(profileId: string): void {
    changes.tell({ topic: 'channels', profileId })
    changes.tell({ topic: 'steps', profileId })
  }

  const updateBadge = createBadge(db, chrome.action, now)

  /** Rebuild what a lost session took, then see what the relay has. client:REC1, REC2 */
  async function settleChannels(profileId: string): Promise<void> {
    if (await recovery.run(profileId)) tellChannels(profileId)
    await channels.refresh(profileId)
  }

  async function sessionLost(profileId: string): Promise<void> {
    await notifier.sessionLost(profileId)
    await settleChannels(profileId).catch(() => undefined)
  }

  async function afterReading(profileId: string, conversationId: string): Promise<void> {
    await updateBadge()
    await notifier.read(profileId, conversationId)
  }

  async function profileChanged(profileId: string): Promise<void> {
    await updateBadge()
    if (!(await db.getKey('profiles', profileId))) await notifier.forget(profileId)
  }

  const approvals = wireApprovals({
    db,
    now,
    alarms: chrome.alarms,
    changes,
    sockets,
    notices: notifier.approvals,
    refreshChannels: channels.refresh,
    onRead: updateBadge,
  })

  const answerAway = createAwayAnswer({
    db,
    writing: createWriting({ db, now }),
    onWritten({ profileId, conversationId }) {
      changes.tell({ topic: 'replies', profileId, conversationId })
      void sockets.flush({ profileId }).catch(() => undefined)
    },
  })
  const automation = createAutomation({
    db,
    now,
    async work(lease) {
      const { profileId, messageId } = lease
      // What answers an approval is nothing else. client:APR15
      await approvals.look(profileId, [messageId])
      if ((await db.get('messages', [profileId, messageId]))?.approvalId === undefined) await answerAway(lease)
    },
    onFailed: ({ profileId, conversationId }) => changes.tell({ topic: 'automations', profileId, conversationId }),
  })

  const fetchFile = createFileFetcher({
    db,
    timers,
    download: async (profileId, target, maxBytes) => (await client.send(profileId, { method: 'GET', target, maxBytes })).bytes,
    onFetched: (profileId) => changes.tell({ topic: 'files', profileId }),
  })
  const fetchArriving = createArrivingFetcher({
    db,
    fetchFile,
    isWanted: async (profileId) => (await readSettings(db, profileId)).fetchFiles === 'arriving',
  })

  const calls = serveWorker({
    db,
    approvals,
    network,
    client,
    changes,
    sockets,
    fetchFile,
    afterReading,
    profileChanged,
    channels: {
      ...channels.handlers,
      async registerAgain({ profileId, channelId, anew }) {
        try {
          return { channelId: await recovery.registerAgain(profileId, channelId, anew) }
        } finally {
          // The list is only a view: what was rebuilt is there even if it cannot be read right now.
          await channels.refresh(profileId).catch(() => undefined)
        }
      },
    },
    arrivals: {
      async arrived({ profileId, messages, bulk, quiet }) {
        const ids = messages.map(({ id }) => id)
        // Answers to approvals are read before anybody is told of them.
        await approvals.look(profileId, ids).catch(() => undefined)
        await updateBadge()
        if (!quiet) await notifier.arrived(profileId, ids, bulk, await countUnread(db, profileId, now()))
        await automation()
        await fetchArriving(profileId, ids)
      },
      async connectionChanged({ profileId }) {
        await updateBadge()
        if ((await db.get('connections', profileId))?.state === 'connected') await settleChannels(profileId)
      },
      approvalsChanged: ({ profileId }) => approvals.look(profileId),
      removed: ({ profileId, conversationId }) => afterReading(profileId, conversationId),
      sessionLost: ({ profileId }) => sessionLost(profileId),
    },
  })

  /** client:INB3, APR13, PRF4 */
  function openNotice(
    { profileId, conversationId: id, messageId, approvalId }: NoticeTarget,
    view: 'conversation' | 'reply',
  ): Promise<void> {
    const of = (page: string): string => profileQuery(profileId) + page
    if (approvalId !== undefined) return openSmallWindow(chrome, of(approvalPage(approvalId)))
    if (id === undefined) return openSmallWindow(chrome, of('#/'))
    const alike = [of(conversationPage(id)), of(conversationPage(id, 'reply'))]
    return openSmallWindow(chrome, of(conversationPage(id, view, messageId)), alike)
  }

  return {
    served: calls.served,
    approvals,
    openNotice,
    ...createReach({ db, chrome, now, openNotice }),
    async pressApproval(target: NoticeTarget, button: number): Promise<void> {
      const press = await notifier.approvals.press(target, button)
      if (press.do === 'open') await openNotice(target, 'conversation')
      else await approvals.decide(target.profileId, target.approvalId ?? '', press.decision, 'notification')
    },
    markRead: async ({ profileId, conversationId }: NoticeTarget): Promise<void> => {
      if (conversationId !== undefined) await calls.inbox.markRead({ profileId, conversationId })
    },

    close(): void {
      changes.close()
      db.close()
    },

    /** Whatever woke the worker: profile, watchdog, offscreen document and badge are seen to. client:ARC2, CRG1 */
    async wake(): Promise<void> {
      await ensureDefaultProfile({ db, locks, now })
      await ensureWatchdog(chrome.alarms)
      await ensureOffscreen()
      await approvals.wake()
      await updateBadge()
      await automation()
    },

    /** What the minute's alarm is for: a recovery that was cut short goes on. client:REC1 */
    async watch(): Promise<void> {
      await automation()
      for (const { profileId, state } of await db.getAll('connections'))
        if (state === 'connected' && (await recovery.waiting(profileId)).size > 0) await settleChannels(profileId)
    },
  }
}
