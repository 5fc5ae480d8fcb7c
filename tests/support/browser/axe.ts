import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'puppeteer'

/** Half as long as `axe.source`, which is read anew by every page. */
const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

type Found = { violations: { id: string; impact: string | null; nodes: { html: string; failureSummary: string }[] }[] }

/** What axe finds serious or critical on a page, each with the elements it means. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  // A colour on its way, as of a button that was just enabled, is none that anybody reads.
  await page.evaluate(() => {
    for (const animation of document.getAnimations())
      if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish()
  })
  const { violations } = (await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(options: object): Promise<unknown> } }).axe.run({
      resultTypes: ['violations'],
      selectors: false,
    }),
  )) as Found
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`)
}
