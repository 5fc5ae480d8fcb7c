import type { browser } from 'wxt/browser'
import { likeChrome } from '../platform/firefox.ts'
import { startBackground } from './background.ts'
import type { NoticeTexts } from './notifier.ts'
import { startOffscreen } from './offscreen.ts'

/** Firefox's background page: worker and offscreen document in one, with the same parts. client:FFX1 */
export function startEventPage(firefox: typeof browser, texts: NoticeTexts): void {
  startBackground(likeChrome(firefox, startOffscreen), texts)
}
