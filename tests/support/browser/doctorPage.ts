import type { Page } from 'puppeteer'

type Line = { check: string; outcome: string; says: string; button: string | undefined }

/** What the doctor's page shows once an examination has ended. */
export async function doctorLines(page: Page): Promise<Line[]> {
  await page.waitForSelector('[aria-labelledby="checks"][aria-busy="false"]', { timeout: 60_000 })
  return page.$$eval('.check[data-check]', (all) =>
    all.map((line) => ({
      check: (line as HTMLElement).dataset.check ?? '',
      outcome: line.classList[1] === 'is-skip' ? 'skip' : (line.classList[1] ?? ''),
      says: line.querySelector('.detail')?.textContent ?? '',
      button: line.querySelector('.btn')?.textContent ?? undefined,
    })),
  )
}

export async function checkAgain(page: Page): Promise<Line[]> {
  await page.locator('.page-head .btn-primary').click()
  return doctorLines(page)
}

/** Presses the button beside a check and gives what the examination after it found. */
export async function pressFix(page: Page, check: string): Promise<Line[]> {
  await page.locator(`[data-check="${check}"] .fix .btn`).click()
  await page.waitForSelector('[aria-labelledby="checks"][aria-busy="true"]', { timeout: 60_000 })
  return doctorLines(page)
}

export const failed = (all: Line[]) => all.filter(({ outcome }) => outcome === 'fail')
