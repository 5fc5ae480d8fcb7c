import { browser } from 'wxt/browser'
import { openDatabase } from '../../database/open.ts'
import { resetAll } from '../../diagnostics/reset.ts'
import type { FixActions } from '../../diagnostics/ui/fixes.ts'
import type { ResetActions } from '../../diagnostics/ui/ResetSection.tsx'
import { choreMessages, settingsMessages } from '../../inbox/messages.ts'
import { call } from '../../messaging/call.ts'
import { createChanges } from '../../messaging/changes.ts'
import type { Envelope } from '../../messaging/define.ts'
import { workerMessages } from '../../messaging/worker.ts'
import { systemTimers } from '../../platform/timers.ts'
import { profileMessages } from '../../profiles/messages.ts'
import { clearRelayUrl } from '../../profiles/store.ts'
import { connectionMessages } from '../../relay/messages.ts'
import { readConnection } from '../../relay/queries.ts'
import type { Connection } from '../../relay/state.ts'
import { go } from '../../ui/router.ts'
import { createPageWorld } from './pageWorld.ts'

/** An attempt to connect is decided by then; if not, the next look tells. */
const SETTLES_WITHIN_MS = 15_000

const send = (envelope: Envelope): Promise<unknown> => browser.runtime.sendMessage(envelope)

/** What the doctor's buttons do, by their own means: pages that could not open their data have the same. client:DOC2 */
export function createFixActions(profileId: string): FixActions {
  const connection = call(connectionMessages, send)
  const chores = call(choreMessages, send)
  const settings = call(settingsMessages, send)

  const leadTo = (page: string) => async (): Promise<'left'> => {
    go([page])
    return 'left'
  }
  const settling = (act: () => Promise<unknown>) => async (): Promise<'again'> => {
    await untilSettled(profileId, act)
    return 'again'
  }

  return {
    async reload() {
      browser.runtime.reload()
      return 'left'
    },
    async resetAll() {
      document.getElementById('reset')?.scrollIntoView()
      document.getElementById('reset')?.focus({ preventScroll: true })
      return 'left'
    },
    clearAside: async () => {
      const db = await openDatabase()
      await db.clear('quarantine').finally(() => db.close())
      return 'again'
    },
    changeAddress: leadTo('connection'),
    chooseIdentity: leadTo('security'),
    async compareKeys() {
      // The connection may not have noticed yet: it closes the profile, and the page shows both keys.
      await untilSettled(profileId, () => connection.reconnect({ profileId }))
      return leadTo('connection')()
    },
    connect: settling(() => connection.connect({ profileId })),
    retry: settling(() => connection.reconnect({ profileId })),
    registerAgain: settling(async () => {
      const db = await openDatabase()
      const { registrar } = createPageWorld(db)
      const session = await db.get('sessions', profileId)
      await registrar.reissue(profileId, session?.apiKey ?? '').finally(() => db.close())
      await connection.reconnect({ profileId })
    }),
    pasteToken: leadTo('connection'),
    openChannels: leadTo('channels'),
    cleanUp: async () => {
      await chores.cleanUp(undefined)
      return 'again'
    },
    allowNotifications: async () => {
      await settings.set({ profileId, change: { notifications: 'on', profileNotifications: true } })
      return 'again'
    },
  }
}

/** client:RST1, RST2 */
export function createResetActions(profileId: string | undefined): ResetActions {
  return {
    resetAddress: profileId === undefined ? undefined : () => resetAddress(profileId),
    async resetAll() {
      await resetAll({
        indexedDB,
        timers: systemTimers,
        closeDocument: async () => browser.offscreen?.closeDocument(),
        async forgetRest() {
          localStorage.clear()
          sessionStorage.clear()
          await browser.alarms.clearAll()
          for (const id of Object.keys(await browser.notifications.getAll())) await browser.notifications.clear(id)
        },
        restart: () => call(workerMessages, send).restart(undefined),
      })
      location.replace(browser.runtime.getURL('/options.html'))
    },
  }
}

/** client:RST1 */
async function resetAddress(profileId: string): Promise<{ messages: number; channels: number }> {
  const db = await openDatabase()
  try {
    await clearRelayUrl(db, profileId)
    await call(profileMessages, send).changed({ profileId })
    const all = IDBKeyRange.bound([profileId], [profileId, []])
    const [messages, channels] = await Promise.all([db.count('messages', all), db.count('channels', all)])
    return { messages, channels }
  } finally {
    db.close()
  }
}

/** Acts, then waits until the connection knows what came of it. */
async function untilSettled(profileId: string, act: () => Promise<unknown>): Promise<void> {
  const db = await openDatabase()
  const changes = createChanges()
  try {
    const settled = new Promise<void>((resolve) => {
      const cancel = systemTimers.after(SETTLES_WITHIN_MS, resolve)
      changes.listen(({ topic, profileId: whose }) => {
        if (topic !== 'connection' || whose !== profileId) return
        void readConnection(db, profileId).then((now) => {
          if (!isDecided(now)) return
          cancel()
          resolve()
        })
      })
    })
    await act()
    // A profile that is stopped makes no attempt.
    if (!(await db.get('profiles', profileId))?.stopped) await settled
  } finally {
    changes.close()
    db.close()
  }
}

function isDecided(connection: Connection | undefined): boolean {
  if (connection === undefined || connection.state === 'connecting' || connection.state === 'catching_up') return false
  return connection.state !== 'reconnecting' || connection.retryAt !== undefined
}
