import { inOrder } from '../setup/run.mjs'

/** Said to every build: what the shell says of it would change the bytes. */
const RELEASE = { NODE_ENV: 'production', VITEST: '' }

/** The extension into .output/chrome-mv3. */
export const buildExtension = ({ run }) => run.tool('wxt', ['build', '--level', 'warn'], RELEASE)

/** The extension, and everything `npm pack` takes: the relay as one file and the extension, in dist/. */
export const build = (context) =>
  inOrder([
    ['Building the extension', () => buildExtension(context)],
    ['Bundling the relay', () => context.run.script('scripts/build/main.ts')],
  ])

/** The package for a store, in .output; refused when it holds what a store refuses (wxt.config.ts). client:STO3 */
export const zip = ({ run, args }) => run.tool('wxt', ['zip', ...args], RELEASE)
