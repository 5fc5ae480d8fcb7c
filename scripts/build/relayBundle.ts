import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type OutputChunk, type Plugin, rolldown } from 'rolldown'
import { readAssetFiles } from '../../server/pages/assetFiles.ts'
import { root } from '../setup/paths.mjs'

/** Native helpers that packages use where somebody installed them, and do without otherwise. */
const OPTIONAL = ['bufferutil', 'utf-8-validate', 'zlib-sync']

/** The folder of a package inside the path of one of its files; nested packages win. */
const PACKAGE_FOLDER = /^(?:\0[^/]*)?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//

/** What is started by its own name: the relay, and the thread that reads mail. */
const ENTRIES = { 'main.js': 'server/main.ts', 'mailWorker.js': 'server/channels/email/smtp/mailWorker.ts' }

/** The relay with all it imports, as one file for each entry. Not minified: a stack trace in an issue must tell something. Returns the folders of the packages in it. */
export async function bundleRelay(directory: string): Promise<string[]> {
  const packages: string[] = []
  for (const [file, input] of Object.entries(ENTRIES)) packages.push(...(await bundle(input, directory, file)))
  return [...new Set(packages)].sort()
}

async function bundle(input: string, directory: string, file: string): Promise<string[]> {
  const build = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    plugins: [pageAssets()],
    external: OPTIONAL,
    resolve: {
      alias: {
        // grammY gets our fetch (server/channels/telegram/client.ts); its default would bring 500 KB and a deprecated module.
        'node-fetch': fileURLToPath(new URL('platformFetch.ts', import.meta.url)),
        // So does discord.js (server/channels/discord/requests.ts); its build for Node would bring 1 MB, and its other build does the same without.
        '@discordjs/rest': join(root, 'node_modules/@discordjs/rest/dist/web.mjs'),
      },
    },
  })
  const { output } = await build.write({ dir: directory, format: 'esm', entryFileNames: file, codeSplitting: false })
  await build.close()
  const [relay] = output
  checkWhole(relay)
  return Object.keys(relay.modules).flatMap((path) => PACKAGE_FOLDER.exec(path.replaceAll('\\', '/'))?.[1] ?? [])
}

/** What the relay's pages load is part of the file too. */
function pageAssets(): Plugin {
  return {
    name: 'page-assets',
    load: (id) =>
      id.replaceAll('\\', '/').endsWith('/server/pages/assetFiles.ts')
        ? `export const readAssetFiles = () => (${JSON.stringify(readAssetFiles())})`
        : null,
  }
}

/** The package installs nothing, so what is not in the bundle would be missing. Throws when something is. relay:PKG1 */
function checkWhole({ code, fileName, imports, dynamicImports }: OutputChunk): void {
  const required = [...code.matchAll(/\b__require\("([^"]+)"\)/g)].map(([, name = '']) => name)
  // What is imported later lies in the bundle itself, under its own name.
  const inside = (name: string) => name === fileName || isBuiltin(name) || OPTIONAL.includes(name)
  const outside = new Set([...imports, ...dynamicImports, ...required].filter((name) => !inside(name)))
  if (outside.size === 0) return
  throw new Error(
    `Not in the bundle: ${[...outside].join(', ')}. Install it, or name it among the optional ones in scripts/build/relayBundle.ts.`,
  )
}
