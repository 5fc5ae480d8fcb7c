import { browser } from 'wxt/browser'
import { startOffscreen } from '../../lib/app/offscreen.ts'

startOffscreen(browser)
