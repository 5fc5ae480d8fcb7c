import { browser } from 'wxt/browser'
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { startChores } from '../../lib/app/chores.ts'

// Loaded by the offscreen document once it is at work: nothing of it is needed to receive a message.
export default defineUnlistedScript(() => startChores(browser))
