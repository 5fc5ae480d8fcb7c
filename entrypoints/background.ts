import { browser } from 'wxt/browser'
import { defineBackground } from 'wxt/utils/define-background'
import { startBackground } from '../lib/app/background.ts'
import { readNoticeTexts } from '../lib/app/noticeTexts.ts'

// Not a module: a worker that wakes many times an hour is fastest as one file with nothing in it that only pages need.
export default defineBackground({ exclude: ['firefox'], main: () => startBackground(browser, readNoticeTexts(browser.i18n)) })
