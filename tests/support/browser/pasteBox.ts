import type { Page } from 'puppeteer'

/** As Ctrl+V in the paste box: the clipboard's text reaches it as one piece. */
export async function pasteInto(page: Page, text: string): Promise<void> {
  await page.evaluate((given) => {
    const box = document.querySelector<HTMLInputElement>('.paste-box input')
    if (!box) throw new Error('no paste box')
    box.focus()
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', given)
    box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}
