import { readFileSync } from 'node:fs'

/**
 * What a page loads, by name, and the files it is made of. The look is the extension's own, so its style sheets are read, not copied.
 * `npm run build` puts what `readAssetFiles` gives into the bundle instead of this file (scripts/build/relayBundle.ts).
 */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  'kit.css': [
    ...['tokens', 'base', 'controls', 'state', 'channels', 'bars', 'feedback', 'forms', 'options', 'channelCards'].map(
      (name) => `../../lib/ui/${name}.css`,
    ),
    './assets/kit.css',
  ],
  'admin.css': ['./assets/admin.css'],
  'device.css': ['./assets/device.css'],
  'admin.js': ['./assets/admin.js'],
  'calls.js': ['./assets/calls.js'],
  'device.js': ['./assets/device.js'],
  'forms.js': ['./assets/forms.js'],
  'live.js': ['./assets/live.js'],
  'morph.js': ['./assets/morph.js'],
  'times.js': ['./assets/times.js'],
  'icon.svg': ['./assets/icon.svg'],
}

/** The text of every asset by its name. */
export function readAssetFiles(): Record<string, string> {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  return Object.fromEntries(Object.entries(SOURCES).map(([name, paths]) => [name, paths.map(read).join('\n')]))
}
