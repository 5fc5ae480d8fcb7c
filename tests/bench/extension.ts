import type { Page } from 'puppeteer'
import { stopWorker } from '../support/browser/extension.ts'
import { addWebhook, ask, startWorld } from '../support/browser/world.ts'
import { quantile, type Row } from './table.ts'

const SAMPLES = 200

type Sample = { row: number; badge: number }

declare const chrome: { action: { getBadgeText(details: object): Promise<string> } }

/**
 * One webhook post made by a page of the extension, so that one clock measures everything: milliseconds until the database had committed the row
 * and until the badge showed it.
 */
function measure(page: Page, url: string, badge: string): Promise<Sample> {
  return page.evaluate(
    async (address, wanted) => {
      const changes = new BroadcastChannel('chaos-changes')
      const start = performance.now()
      const committed = new Promise<number>((resolve) => {
        changes.onmessage = ({ data }) => {
          if (data.topic === 'messages') resolve(performance.now() - start)
        }
      })
      const posted = fetch(address, { method: 'POST', body: 'measured' })
      const row = await committed
      changes.close()
      while ((await chrome.action.getBadgeText({})) !== wanted) await new Promise((resolve) => setTimeout(resolve))
      const shown = performance.now() - start
      await posted
      return { row, badge: shown }
    },
    url,
    badge,
  )
}

/** Webhook POST → row committed in the extension → badge set, with the service worker awake and after it was stopped. */
export async function benchExtension(): Promise<Row[]> {
  const world = await startWorld()
  try {
    const page = await world.connected()
    const webhook = await addWebhook(page, 'bench')
    const rows: Row[] = []
    for (const [name, prepare] of [
      ['worker warm', async () => undefined],
      ['worker stopped', () => stopWorker(page)],
    ] as const) {
      const samples: Sample[] = []
      for (let count = 0; count < SAMPLES; count++) {
        await ask(page, 'inbox', 'markRead', { profileId: 'default', conversationId: webhook.id })
        await page.waitForFunction(async () => (await chrome.action.getBadgeText({})) === '', { polling: 20 })
        await prepare()
        samples.push(await measure(page, webhook.url, '1'))
      }
      for (const [what, of] of [
        ['row committed', (sample: Sample) => sample.row],
        ['badge set', (sample: Sample) => sample.badge],
      ] as const)
        for (const [label, share] of [
          ['p50', 0.5],
          ['p99', 0.99],
        ] as const)
          rows.push({ what: `extension, ${name}: post to ${what}, ${label}`, unit: 'ms', relay: quantile(samples.map(of), share) })
    }
    return rows
  } finally {
    await world.close()
  }
}
