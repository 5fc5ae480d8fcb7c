import { fileURLToPath } from 'node:url'
import { defineConfig } from 'wxt'
import { version } from './package.json' with { type: 'json' }
import { minifyAgain } from './scripts/build/minifyAgain.ts'
import { refuseTroubles } from './scripts/build/storeRules.ts'

/** Gives the unpacked build the same id on every machine: the public half of a key whose private half was thrown away. */
const EXTENSION_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjHx97aYzEbDDaQqJ6pH1q6kfEPD5dYoa3MMiJM+zv6HSEItYfN4LevO3Ja7yEhRxvX2UL7zze9hp95pJg2vTn+r8VdHACPOmRr34EgHEAyZia4OFoCQivyax7MKtv+HGhwaAVEFpimykkvSr5P50CPJQwdSdS4KdP2NrVi/ikBVgWcIqNJtG3+KvDOJk5IJA5tPHkNdBKRJKwq0Z9QwOtKQ+f/3RnEvfmkdsyzcHX/raxO8AVIgOCWg5piQLxfyhA+HNMLbTn51vBkoYaYGCv3ipFWoaL26S/W9xwWlwVJH1M4BYiVIw/TN3JM0kqzHU9rlJhbyWamiE4bJrivv8TQIDAQAB'

/** What Firefox's store wants to know: a name that stays, the version that was tested, and what leaves the browser, which goes to the relay. */
const FIREFOX = {
  id: '{5b0c7c1e-3f0a-4f6d-9a77-1c2e8d4b6a90}',
  strict_min_version: '153.0',
  data_collection_permissions: { required: ['personalCommunications', 'authenticationInfo'] },
}

export default defineConfig({
  imports: false,
  // A sixth of zod's size in every context. docs/adr/0007-schemas-in-the-browser.md
  vite: ({ mode }) => ({
    plugins: mode === 'production' ? [minifyAgain()] : [],
    resolve: { alias: { 'zod/mini': fileURLToPath(new URL('./lib/schema/mini.ts', import.meta.url)) } },
  }),
  modules: ['@wxt-dev/i18n/module'],
  manifestVersion: 3,
  hooks: {
    'zip:start': ({ config }) => refuseTroubles(config.outDir),
    // Taken out, not left out, which wxt warns about in every build.
    'entrypoints:found': ({ config }, found) => {
      if (config.browser !== 'firefox') found.splice(0, Infinity, ...found.filter(({ name }) => name !== 'eventPage'))
    },
  },
  dev: { server: { host: '127.0.0.1', origin: 'http://127.0.0.1', port: 3457 } },
  manifest: ({ browser }) => ({
    name: '__MSG_extension_name__',
    short_name: 'Chaos Relay',
    description: '__MSG_extension_description__',
    default_locale: 'en',
    version,
    ...(browser === 'chrome'
      ? { key: EXTENSION_KEY, minimum_chrome_version: '120' }
      : { background: { scripts: ['eventPage.js'] }, browser_specific_settings: { gecko: FIREFOX } }),
    permissions: ['activeTab', 'alarms', 'contextMenus', 'notifications', ...(browser === 'chrome' ? ['offscreen'] : [])],
    action: { default_title: 'Chaos Relay' },
    omnibox: { keyword: 'cr' },
    // Suggestions: whoever has given a key to something else keeps that. client:RCH3
    commands: {
      _execute_action: { suggested_key: { default: 'Alt+Shift+M' } },
      ...(browser === 'chrome'
        ? { 'open-side-panel': { suggested_key: { default: 'Alt+Shift+S' }, description: '__MSG_commands_sidePanel__' } }
        : { _execute_sidebar_action: { suggested_key: { default: 'Alt+Shift+S' } } }),
      'reply-to-newest': { suggested_key: { default: 'Alt+Shift+Y' }, description: '__MSG_commands_reply__' },
    },
    ...(browser === 'chrome' && { sandbox: { pages: ['mail.html'] } }),
    // style-src needs 'unsafe-inline' for nothing: styles are files. Images are our own, blobs of fetched files, and generated QR codes.
    content_security_policy: {
      extension_pages:
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; media-src blob:; frame-src 'self'; connect-src http: https: ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      // The one page that shows the HTML of emails: without an origin, and without a way to anything but pictures (client:CAT3).
      ...(browser === 'chrome' && {
        sandbox:
          "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data: https:; base-uri 'none'; form-action 'none'",
      }),
    },
  }),
})
