import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineCommand } from 'citty'

/** Where the built extension lies: beside the bundle of the package, and in a clone where wxt puts it. */
const FOLDERS = ['../extension', '../../.output/chrome-mv3'].map((path) => join(import.meta.dirname, path))

/** `chaos-relay extension`: what "Load unpacked" in chrome://extensions asks for. relay:PKG2 */
export const extension = defineCommand({
  meta: { name: 'extension', description: 'Print the folder of the extension, to load in chrome://extensions' },
  run() {
    const found = FOLDERS.find((folder) => existsSync(join(folder, 'manifest.json')))
    if (found !== undefined) {
      process.stdout.write(`${found}\n`)
      return
    }
    process.stderr.write('chaos-relay: the extension is not built yet. Run "npm run build" first.\n')
    process.exitCode = 1
  },
})
