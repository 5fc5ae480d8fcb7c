import { browser } from 'wxt/browser'
import { openDatabase } from '../../database/open.ts'
import type { DoctorHost } from '../../diagnostics/host.ts'
import { settingsMessages } from '../../inbox/messages.ts'
import { call } from '../../messaging/call.ts'
import type { Envelope } from '../../messaging/define.ts'
import { Failure } from '../../messaging/failure.ts'
import { systemTimers } from '../../platform/timers.ts'
import { trialMessages } from '../../relay/socketMessages.ts'

/** A worker that was asleep is awake long before. */
const ANSWERS_WITHIN_MS = 8_000
/** What Chrome calls, from version to version, the right to reach this computer and its network. */
const LOCAL_PERMISSIONS = ['loopback-network', 'local-network', 'local-network-access']

/** The doctor's way to everything, by its own means: a page that could not open its data has the same. client:DOC3 */
export function createDoctorHost(profileId: string): DoctorHost {
  const send = (envelope: Envelope): Promise<unknown> => browser.runtime.sendMessage(envelope)
  const settings = call(settingsMessages, send)
  const trials = call(trialMessages, send)
  return {
    profileId,
    network: { fetch: (url, init) => fetch(url, init), timers: systemTimers },
    openDatabase: () => openDatabase(),
    askWorker: () => soon(settings.get({ profileId })),
    // Firefox has none: who answers for the worker is the document as well. client:FFX1
    documentRuns: async () =>
      browser.offscreen === undefined || (await browser.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] })).length > 0,
    roundTrip: async () => (await trials.roundTrip({ profileId })).ms,
    isAnswered: (url) =>
      fetch(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) }).then(
        () => true,
        () => false,
      ),
    localRefused: async () => (await Promise.all(LOCAL_PERMISSIONS.map(isDenied))).includes(true),
    space: () => navigator.storage.estimate(),
    async notifications() {
      const [{ notifications, profileNotifications }, level] = await Promise.all([
        settings.get({ profileId }),
        // Firefox has no such question.
        browser.notifications.getPermissionLevel?.() ?? 'granted',
      ])
      return { setting: notifications, profile: profileNotifications, allowed: level === 'granted' }
    },
  }
}

/** A name this browser does not know is not denied. */
function isDenied(name: string): Promise<boolean> {
  return navigator.permissions.query({ name: name as PermissionName }).then(
    ({ state }) => state === 'denied',
    () => false,
  )
}

function soon<T>(answer: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    systemTimers.after(ANSWERS_WITHIN_MS, () => reject(new Failure('no_answer', 'The extension does not answer.')))
  })
  return Promise.race([answer, late])
}
