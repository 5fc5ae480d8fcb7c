import type { Page } from 'puppeteer'

/**
 * What `look` makes of all elements that match a CSS selector. `$$eval` would make a handle of each first, with a message to the browser and one back for
 * every element. `look` names nothing outside itself.
 */
export function onAll<T>(page: Page, selector: string, look: (all: Element[]) => T): Promise<T> {
  return page.evaluate(`(${look})([...document.querySelectorAll(${JSON.stringify(selector)})])`) as Promise<T>
}
