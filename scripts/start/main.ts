import { parseArgs } from 'node:util'
import { findChromium } from '../setup/chromium.mjs'
import { extensionDirectory } from '../setup/paths.mjs'
import { openBrowser } from './browser.ts'
import { startRelayProcess } from './relayProcess.ts'

/** `npm start`: the relay, the three steps to load the extension, and, where there is a display and a Chromium, a browser with it loaded. */
const { values } = parseArgs({
  options: {
    'no-browser': { type: 'boolean', default: false },
    port: { type: 'string' },
    host: { type: 'string' },
    'data-dir': { type: 'string' },
  },
  strict: true,
})

const flags = (['port', 'host', 'data-dir'] as const).flatMap((name) =>
  values[name] === undefined ? [] : [`--${name}`, values[name]],
)
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())

const relay = await startRelayProcess(flags)
if (relay) {
  console.log(`
  Chaos Relay is running. Ctrl-C stops it.

  Relay       ${relay.url}
  Data        ${relay.dataDirectory}
  Extension   ${extensionDirectory}

  To load the extension into Chrome or Chromium:
    1. Open chrome://extensions and switch on "Developer mode".
    2. Press "Load unpacked" and choose the folder above.
    3. Click the Chaos Relay icon: it connects by itself. Paste a bot token, an email address or "webhook".
`)
  stopping.signal.addEventListener('abort', () => relay.stop())
  if (stopping.signal.aborted) relay.stop()
  const browser = values['no-browser']
    ? undefined
    : await openBrowser({ findChromium, extensionDirectory, relay }).catch(tellAndGoOn)
  process.exitCode = await relay.stopped
  await browser?.close()
} else {
  process.exitCode = 1
}

function tellAndGoOn(error: unknown): undefined {
  console.log(`  (No browser opened: ${error instanceof Error ? error.message.split('\n')[0] : error}. The relay runs on.)\n`)
  return undefined
}
