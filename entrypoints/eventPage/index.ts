import { browser } from 'wxt/browser'
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { startEventPage } from '../../lib/app/eventPage.ts'
import { readNoticeTexts } from '../../lib/app/noticeTexts.ts'

// In Firefox alone, where the manifest names it as the background page's script.
export default defineUnlistedScript({ include: ['firefox'], main: () => startEventPage(browser, readNoticeTexts(browser.i18n)) })
