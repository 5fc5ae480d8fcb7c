import { browser } from 'wxt/browser'
import { defineBackground } from 'wxt/utils/define-background'
import { startBackground } from '../lib/app/background.ts'
import { readNoticeTexts } from '../lib/app/noticeTexts.ts'

export default defineBackground({ type: 'module', main: () => startBackground(browser, readNoticeTexts(browser.i18n)) })
