import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { readStore } from '../support/browser/database.ts'
import { checkAgain, doctorLines, failed, pressFix } from '../support/browser/doctorPage.ts'
import { openOptions, seeText } from '../support/browser/extension.ts'
import { ask, connectionIs, startWorld, type World } from '../support/browser/world.ts'
import { spawnRelay } from '../support/relayProcess.ts'

let world: World
let page: Page
const profileId = 'default'
const home = 'http://127.0.0.1:8787'

beforeAll(async () => {
  world = await startWorld()
  await (await world.connected()).close()
  page = await openOptions(world.chromium, '#/diagnostics')
})
afterAll(() => world.close())

const line = async (check: string) => (await checkAgain(page)).find((one) => one.check === check)

/** Something on the way that lets requests through, but no WebSocket: it does not know what `Upgrade` asks for. */
async function startProxyWithoutSockets(relayPort: number) {
  const proxy = createServer((incoming, outgoing) => {
    const { connection: _, upgrade: __, ...headers } = incoming.headers
    const passed = request(
      { host: '127.0.0.1', port: relayPort, path: incoming.url, method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    passed.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}

describe('hops that a browser breaks', () => {
  it('client:DOC2, INB4 notifications that nobody chose yet: one button allows them', async () => {
    expect(await line('notifications')).toMatchObject({ outcome: 'ok', says: 'not chosen yet', button: 'Turn on' })
    const after = await pressFix(page, 'notifications')
    expect(after.find(({ check }) => check === 'notifications')?.says).toBe('allowed, on for this profile')
  })

  it('client:DOC2, SOC9 a way that lets no WebSocket through: it polls meanwhile, and says that it does', async () => {
    const proxy = await startProxyWithoutSockets(world.relay.port)
    await ask(page, 'connection', 'setRelayUrl', { profileId, url: proxy.url })
    await expect
      .poll(async () => (await readStore<{ polling?: boolean }>(page, 'connections'))[0]?.polling, { timeout: 60_000 })
      .toBe(true)
    const all = await checkAgain(page)
    expect(failed(all)).toMatchObject([
      { check: 'socket', says: 'WebSocket blocked, messages come by polling every 60 s', button: 'Try again' },
    ])
    expect(all.find(({ check }) => check === 'token')?.outcome).toBe('ok')
    // All was well a moment ago, and what is wrong can be seen alone.
    expect(await page.$eval('section[aria-labelledby=checks]', ({ textContent }) => textContent)).toContain(
      'Everything was in order today',
    )
    await page.locator('.check-filter .chip:nth-of-type(2)').click()
    await page.waitForFunction(() => document.querySelectorAll('.check.ok').length === 0)
    expect((await doctorLines(page)).map(({ check }) => check)).toEqual(['socket'])
    expect(await seriousFindings(page)).toEqual([])
    await page.locator('.check-filter .chip:nth-of-type(1)').click()
    await page.waitForSelector('.check.ok')
    await ask(page, 'connection', 'setRelayUrl', { profileId, url: home })
    await proxy.close()
    await connectionIs(page, 'connected')
    expect(failed(await checkAgain(page))).toEqual([])
  })

  it('client:DOC2, PIN4, PIN5 a relay with another key: Compare keys; keeping the old one goes on once it is shown again', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'chaos-relay-'))
    await world.relay.kill('SIGTERM')
    const other = spawnRelay(['serve', '--port', String(world.relay.port), '--data-dir', dataDir])
    await other.listening
    expect(failed(await checkAgain(page))).toMatchObject([{ check: 'pin', button: 'Compare keys' }])
    await page.locator('[data-check="pin"] .fix .btn').click()
    await page.waitForFunction(() => location.hash === '#/connection')
    await page.locator('.card-foot a[href="#/security"]').click()
    const keep = () => page.locator('.keep .btn').click()
    await keep()
    await seeText(page, 'Still blocked.')
    other.child.kill('SIGTERM')
    await other.ended
    rmSync(dataDir, { recursive: true, force: true })
    await world.relay.start()
    await connectionIs(page, 'blocked')
    await keep()
    await connectionIs(page, 'connected')
    await page.waitForSelector('.blocked', { hidden: true })
    await page.evaluate(() => {
      location.hash = '#/diagnostics'
    })
    expect(failed(await doctorLines(page))).toEqual([])
  })

  it('client:DOC2, ARC2 a worker that hangs: Reload the extension', async () => {
    const target = await world.chromium.browser.waitForTarget((one) => one.type() === 'service_worker')
    const worker = await target.createCDPSession()
    await worker.send('Debugger.enable')
    await worker.send('Debugger.pause')
    expect(failed(await checkAgain(page))).toMatchObject([{ check: 'background', button: 'Reload the extension' }])
    // The page goes with the extension, which a browser that got it by its command line does not start again: so this comes last.
    const gone = new Promise((resolve) => page.once('close', resolve))
    await page.evaluate(
      () => void setTimeout(() => document.querySelector<HTMLElement>('[data-check="background"] .fix .btn')?.click()),
    )
    await gone
  })
})
