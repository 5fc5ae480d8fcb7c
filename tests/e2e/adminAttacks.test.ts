import type { Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_KEY } from '../support/admin.ts'
import { startAttacker } from '../support/browser/attacker.ts'
import { openBrowser, signInOn } from '../support/browser/relayPages.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

describe('another site and the operator’s browser', () => {
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let attacker: Awaited<ReturnType<typeof startAttacker>>
  let relay: TestRelay
  let userId: string
  let page: Page
  beforeAll(async () => {
    browser = await openBrowser()
    attacker = await startAttacker()
  })
  afterAll(async () => {
    await browser.close()
    await attacker.close()
  })
  beforeEach(async () => {
    relay = await startRelay({ env: { CHAOS_ADMIN_KEY: ADMIN_KEY } })
    userId = (await relay.client()).userId
    page = await browser.page()
    await signInOn(page, relay.url)
  })
  afterEach(async () => {
    await page.close()
    await relay.close()
  })

  /** Still signed in, and the session still there. */
  async function nothingHappened(): Promise<void> {
    await page.goto(`${relay.url}/admin/sessions/${userId}`)
    expect(new URL(page.url()).pathname).toBe(`/admin/sessions/${userId}`)
    expect(await page.$eval('h1', (title) => title.textContent)).toContain(userId.slice(0, 8))
  }

  it('relay:ADM4 a form that sends itself is refused, whatever it asks for', async () => {
    for (const path of ['/admin/logout', `/admin/sessions/${userId}/delete`, '/admin/login']) {
      attacker.serve(
        `<form method="post" action="${relay.url}${path}"><input name="password" value="${ADMIN_KEY}"></form><script>document.forms[0].submit()</script>`,
      )
      const answered = page.waitForResponse((response) => response.url() === relay.url + path)
      await page.goto(attacker.url)
      const answer = await answered
      expect([answer.status(), (await answer.json()).code], path).toEqual([403, 'bad_origin'])
      expect(answer.headers()['set-cookie']).toBeUndefined()
    }
    await nothingHappened()
  })

  it('relay:ADM4 what a script asks for is refused or never sent', async () => {
    attacker.serve('')
    await page.goto(attacker.url)
    const outcomes = await page.evaluate(
      async (url, user) => {
        const ask = async (path: string, options: RequestInit) => {
          try {
            const answer = await fetch(url + path, { credentials: 'include', ...options })
            return answer.type === 'opaque' ? 'unreadable' : answer.status
          } catch {
            return 'refused by the browser'
          }
        }
        return Promise.all([
          ask('/admin/status', {}),
          ask('/admin', { mode: 'no-cors' }),
          ask(`/admin/sessions/${user}`, { method: 'DELETE' }),
          ask(`/admin/sessions/${user}/delete`, { method: 'POST', mode: 'no-cors' }),
          ask('/admin/logout', { method: 'POST', mode: 'no-cors' }),
          ask('/admin/login', { method: 'POST', mode: 'no-cors', body: 'password=guess' }),
        ])
      },
      relay.url,
      userId,
    )
    expect(outcomes).toEqual([
      'refused by the browser',
      // Of the same machine's other name or not: what is not for other sites is withheld.
      'refused by the browser',
      'refused by the browser',
      'unreadable',
      'unreadable',
      'unreadable',
    ])
    await nothingHappened()
  })

  it('relay:ADM4 a GET has no effect, and a page that opens the dashboard gets no hold of it', async () => {
    attacker.serve(
      `<img src="${relay.url}/admin/logout"><img src="${relay.url}/admin/sessions/${userId}/delete"><script src="${relay.url}/admin/status"></script><iframe src="${relay.url}/admin"></iframe>`,
    )
    await page.goto(attacker.url, { waitUntil: 'networkidle0' })
    const frame = page.frames().find((one) => one !== page.mainFrame())
    expect(await frame?.evaluate(() => document.body?.innerText ?? '')).not.toContain('Dashboard')
    const opened = browser.browser.waitForTarget((target) => target.url().startsWith(`${relay.url}/admin`))
    const held = page.evaluate(
      (url) =>
        new Promise<string>((resolve) => {
          const other = window.open(`${url}/admin`)
          const look = () => (other?.closed === false ? setTimeout(look, 50) : resolve('let go'))
          look()
        }),
      relay.url,
    )
    await opened
    expect(await held).toBe('let go')
    await nothingHappened()
  })
})
