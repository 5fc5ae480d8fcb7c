import '../platform/noEval.ts'
import type { browser } from 'wxt/browser'
import { readNoticeId } from '../inbox/notices.ts'
import { answer, serve } from '../messaging/serve.ts'
import { workerMessages } from '../messaging/worker.ts'
import { showInSidePanel } from '../platform/sidePanel.ts'
import { WATCHDOG } from '../platform/watchdog.ts'
import { APPROVALS_ALARM } from './approvals.ts'
import { setMenus } from './menus.ts'
import type { NoticeTexts } from './notifier.ts'
import { createWorker } from './worker.ts'

/** The buttons of a message's notification, in their order. client:INB3 */
const REPLY_BUTTON = 0
/** Of the manifest. client:RCH3 */
const SIDE_PANEL = 'open-side-panel'
const REPLY = 'reply-to-newest'

/**
 * Starts the service worker. Every listener is attached in this first turn, as Chrome demands of a worker it wakes for an event; what they
 * need is made meanwhile. client:ARC2
 */
export function startBackground(chrome: typeof browser, texts: NoticeTexts): void {
  const { runtime, alarms, notifications, commands, contextMenus, omnibox } = chrome
  let worker = start()

  function start(): ReturnType<typeof createWorker> {
    const made = createWorker(chrome, texts)
    // Without storage nothing can be done here; pages say so themselves when they open it (client:CDD14).
    made.then((one) => one.wake()).catch(() => undefined)
    return made
  }

  const restarting = serve(workerMessages, {
    async restart() {
      await worker.then((one) => one.close()).catch(() => undefined)
      await chrome.offscreen.closeDocument().catch(() => undefined)
      worker = start()
      await worker
    },
  })
  runtime.onMessage.addListener(answer('background', runtime.id, [restarting], async () => (await worker).served))
  // For the rest, installing, updating and starting the browser need what every wake does; the listeners make Chrome wake the worker.
  runtime.onInstalled.addListener(() => setMenus(chrome))
  runtime.onStartup.addListener(() => setMenus(chrome))
  alarms.onAlarm.addListener(async ({ name }) => {
    const one = await worker
    if (name.startsWith(APPROVALS_ALARM)) await one.approvals.look(name.slice(APPROVALS_ALARM.length))
    if (name !== WATCHDOG) return
    await one.wake()
    await one.watch()
  })
  notifications.onClicked.addListener(async (id) => {
    const target = readNoticeId(id)
    if (!target) return
    await (await worker).openNotice(target, 'conversation')
    await notifications.clear(id)
  })
  notifications.onButtonClicked.addListener(async (id, button) => {
    const target = readNoticeId(id)
    if (!target) return
    if (target.approvalId !== undefined) await (await worker).pressApproval(target, button)
    else if (button === REPLY_BUTTON) await (await worker).openNotice(target, 'reply')
    else await (await worker).markRead(target)
    await notifications.clear(id)
  })
  commands.onCommand.addListener(async (command, tab) => {
    // Opened in this very turn: a panel shows only while the key still counts as the user's doing.
    if (command === SIDE_PANEL && tab) await showInSidePanel(chrome, tab.windowId)
    if (command === REPLY) await (await worker).replyToNewest()
  })
  contextMenus.onClicked.addListener(async (info, tab) => (await worker).sendClicked(info, tab))
  omnibox.onInputChanged.addListener(async (text, suggest) => suggest(await (await worker).suggest(text)))
  omnibox.onInputEntered.addListener(async (text) => (await worker).enter(text))
}
