import type { Page } from 'puppeteer'
import type { Stage } from '../support/browser/uiPreview.ts'

/** A picture of a page in a state. `options` is a place on the options page instead of the popup. */
export type Picture = {
  name: string
  stage: Stage
  options?: string
  /** What to do before the picture is taken. */
  act?: (page: Page) => Promise<unknown>
}
