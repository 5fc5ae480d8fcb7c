import { inOrder } from '../setup/run.mjs'

/** The extension into .output/chrome-mv3. */
export const buildExtension = ({ run }) => run.tool('wxt', ['build', '--level', 'warn'])

/** The extension, and everything `npm pack` takes: the relay as one file and the extension, in dist/. */
export const build = (context) =>
  inOrder([
    ['Building the extension', () => buildExtension(context)],
    ['Bundling the relay', () => context.run.script('scripts/build/main.ts')],
  ])

export const zip = ({ run, args }) => run.tool('wxt', ['zip', ...args])
