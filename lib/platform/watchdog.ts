import type { browser } from 'wxt/browser'

/** Longer than the 30 s after which Chrome stops an idle worker, so that the alarm does not keep it awake. */
const PERIOD_MINUTES = 1
export const WATCHDOG = 'watchdog'

/** Creates the alarm only if there is none: creating it anew at every start would put it off for ever. client:ARC2 */
export async function ensureWatchdog(alarms: (typeof browser)['alarms']): Promise<void> {
  if (!(await alarms.get(WATCHDOG))) await alarms.create(WATCHDOG, { periodInMinutes: PERIOD_MINUTES })
}
