import { browser } from 'wxt/browser'
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { startOffscreen } from '../../lib/app/offscreen.ts'

// A script of its own beside public/offscreen.html: as a page it would share chunks with the popup and load what only the popup needs.
export default defineUnlistedScript(() => startOffscreen(browser))
