import { join } from 'node:path'

type Needs = {
  findChromium: () => string | undefined
  extensionDirectory: string
  relay: { dataDirectory: string }
}

/** A Chromium with the extension loaded and a profile of its own beside the relay's data. `undefined` without a display or a Chromium. */
export async function openBrowser({
  findChromium,
  extensionDirectory,
  relay,
}: Needs): Promise<{ close(): Promise<void> } | undefined> {
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  const executablePath = findChromium()
  if (!display || !executablePath) return undefined
  const { launch } = await import('puppeteer')
  const browser = await launch({
    executablePath,
    headless: false,
    pipe: true,
    enableExtensions: [extensionDirectory],
    userDataDir: join(relay.dataDirectory, 'browser-profile'),
    defaultViewport: null,
    args: ['--no-first-run', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
  console.log('  A browser with the extension loaded is open.\n')
  return browser
}
