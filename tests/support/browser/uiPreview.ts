import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { extensionDirectory } from '../../../scripts/setup/paths.mjs'
import { type Chromium, EXTENSION_ID, launchChromium } from './chromium.ts'
import { optionsUrl, popupUrl } from './extension.ts'
import { NOW, type Rows } from './previewData.ts'
import { addRows, clearRows, merge } from './stageRows.ts'

declare const chrome: { runtime: { sendMessage(envelope: unknown): Promise<unknown> }; action: { openPopup(): Promise<void> } }

export type Stage = {
  rows: readonly Rows[]
  hash?: string
  /** A place on the options page instead of the popup. */
  options?: string
  width?: number
  height?: number
  scale?: number
  dark?: boolean
  offline?: boolean
  settings?: object
  /** Answers of the worker by "scope.name"; a string is a refusal with that sentence, `{ failure }` one with a code. Everything else resolves empty. */
  answers?: Record<string, unknown>
  /** Nothing can be read. */
  hang?: boolean
  /** The database is of a version that this build does not know. */
  newer?: boolean
}

export type OpenStageOptions = {
  /** A build; the shared one, or that of CHAOS_EXTENSION, without it. */
  extension?: string
  /** Changes the copy of the build before it is loaded. */
  prepare?: (copy: string) => Promise<void>
  /** The language of direction, times and numbers: de, ar. Texts are what `prepare` makes of them. */
  locale?: string
  /** One tab for all stages, for who only looks: a new one for each costs as much as what it shows. */
  oneTab?: boolean
}

export type OpenStage = Awaited<ReturnType<typeof openStage>>

/**
 * The built extension without its worker and socket, so that a page shows exactly the rows it is given. Each `set` closes the page
 * before.
 */
export async function openStage({ extension, prepare, locale = 'en', oneTab = false }: OpenStageOptions = {}) {
  const copy = await mkdtemp(join(tmpdir(), 'chaos-stage-'))
  await cp(extension ?? process.env.CHAOS_EXTENSION ?? extensionDirectory, copy, { recursive: true })
  await prepare?.(copy)
  const manifest = JSON.parse(await readFile(join(copy, 'manifest.json'), 'utf8'))
  delete manifest.background
  await writeFile(join(copy, 'manifest.json'), JSON.stringify(manifest))
  const chromium = await launchChromium({ relayPort: 9, extension: copy, rtl: locale === 'ar' })
  const ground = await openGround(chromium)
  const tab = oneTab ? await openTab(chromium) : undefined
  let page: Page | undefined
  return {
    chromium,
    async set(stage: Stage): Promise<Page> {
      if (tab) await tab.clear()
      else await page?.close()
      page = await setStage(tab ?? (await openTab(chromium)), ground, locale, stage)
      return page
    },
    /** Opens another place over the same rows, as reopening the popup does. */
    async open(hash: string): Promise<Page> {
      if (!page) throw new Error('Set a stage first.')
      await page.goto('about:blank')
      await page.goto(popupUrl(hash))
      return page
    },
    /** The popup under the toolbar button itself. */
    async openActionPopup(): Promise<Page> {
      if (!page) throw new Error('Set a stage first.')
      const known = new Set(chromium.browser.targets())
      const opened = chromium.browser.waitForTarget((target) => target.url().startsWith(popupUrl()) && !known.has(target))
      await page.evaluate(() => chrome.action.openPopup())
      return (await opened).asPage()
    },
    async close(): Promise<void> {
      await chromium.close()
      await rm(copy, { recursive: true, force: true })
    },
  }
}

/** A page that runs nothing, at home where the others are: from here rows are changed. The database is there, made by a popup. */
async function openGround(chromium: Chromium): Promise<Page> {
  const page = await chromium.browser.newPage()
  await page.goto(popupUrl())
  await page.waitForSelector('.panel-list')
  await page.goto(`chrome-extension://${EXTENSION_ID}/icon/16.png`)
  return page
}

type Tab = Awaited<ReturnType<typeof openTab>>

/** A tab that can be made as new again. */
async function openTab(chromium: Chromium) {
  const page = await chromium.browser.newPage()
  const session = await page.createCDPSession()
  const scripts: string[] = []
  return {
    page,
    session,
    /** Runs before everything else of each document. */
    async before<Given extends unknown[]>(script: (...given: Given) => void, ...given: Given): Promise<void> {
      scripts.push((await page.evaluateOnNewDocument(script, ...given)).identifier)
    },
    async clear(): Promise<void> {
      await page.setOfflineMode(false)
      await Promise.all(scripts.splice(0).map((script) => page.removeScriptToEvaluateOnNewDocument(script)))
      // In the process of the extension, which about:blank would leave.
      await page.goto(`chrome-extension://${EXTENSION_ID}/icon/16.png`)
      await page.evaluate(() => sessionStorage.clear())
    },
  }
}

/** Opens a page on a stage: only these rows, the clock of the pictures, and a worker that answers as told. */
async function setStage({ page, session, before }: Tab, ground: Page, locale: string, stage: Stage): Promise<Page> {
  await ground.evaluate(() => localStorage.clear())
  await clearRows(ground)
  await addRows(ground, merge(stage.rows))
  await Promise.all([
    session.send('Emulation.setLocaleOverride', { locale }),
    page.setViewport({ width: stage.width ?? 380, height: stage.height ?? 600, deviceScaleFactor: stage.scale ?? 1 }),
    page.emulateTimezone('UTC'),
    page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: stage.dark ? 'dark' : 'light' }]),
    before(stubClock, NOW),
    before(stubWorker, { ...stage.settings }, stage.answers ?? {}),
    stage.newer && before(stubNewer),
    stage.hang && before(stubDatabase),
  ])
  await page.goto(stage.options === undefined ? popupUrl(stage.hash) : optionsUrl(stage.options))
  if (stage.offline) await page.setOfflineMode(true)
  return page
}

/** A database that refuses to open. */
function stubNewer(): void {
  indexedDB.open = () => {
    throw new DOMException('The requested version is less than the existing version.', 'VersionError')
  }
}

/** A database that never opens. */
function stubDatabase(): void {
  const open = indexedDB.open.bind(indexedDB)
  indexedDB.open = (...given) => {
    const request = open(...given)
    request.addEventListener('success', (event) => event.stopImmediatePropagation())
    return request
  }
}

/** Waits until fonts, images and late parts are there. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.waitForNetworkIdle({ idleTime: 300 })
}

export async function takePicture(page: Page, file: string): Promise<void> {
  await settled(page)
  await mkdir(join(file, '..'), { recursive: true })
  await page.screenshot({ path: file as `${string}.png` })
}

/** The time stands still; timers go on. */
function stubClock(now: number): void {
  const Real = Date
  globalThis.Date = class extends Real {
    constructor(...given: ConstructorParameters<DateConstructor> | []) {
      if (given.length === 0) super(now)
      else super(...given)
    }
    static override now = (): number => now
  } as DateConstructor
}

function stubWorker(settings: object, answers: Record<string, unknown>): void {
  const chosen = {
    notifications: 'on',
    notificationContent: false,
    profileNotifications: true,
    mutedChannels: ['sl'],
    observedChannels: [],
    theme: 'system',
    density: 'comfortable',
    shortcuts: true,
    ...settings,
  }
  const calls: unknown[] = []
  Object.assign(globalThis, { stageCalls: calls })
  chrome.runtime.sendMessage = async (envelope: unknown) => {
    const { scope, name, input } = envelope as { scope: string; name: string; input: unknown }
    calls.push({ name: `${scope}.${name}`, input })
    const answer = answers[`${scope}.${name}`]
    if (typeof answer === 'string') return { ok: false, failure: { code: 'refused', message: answer } }
    if (typeof answer === 'object' && answer !== null && 'failure' in answer) return { ok: false, failure: answer.failure }
    const usual: Record<string, unknown> = { get: chosen, send: { clientId: 'new' }, retry: { clientId: 'new' } }
    return { ok: true, output: answer ?? usual[name] }
  }
}

/** What the page asked of the worker, in order. */
export function callsOf(page: Page): Promise<{ name: string; input: unknown }[]> {
  return page.evaluate(() => (globalThis as unknown as { stageCalls: { name: string; input: unknown }[] }).stageCalls)
}

/** Waits until the page has asked for something so many times. */
export async function called(page: Page, name: string, times = 1): Promise<void> {
  await page.waitForFunction(
    (wanted, count) =>
      (globalThis as unknown as { stageCalls: { name: string }[] }).stageCalls.filter((call) => call.name === wanted).length >=
      count,
    { polling: 20, timeout: 10_000 },
    name,
    times,
  )
}
