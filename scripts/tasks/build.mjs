/** The extension into .output/chrome-mv3. */
export const build = ({ run }) => run.tool('wxt', ['build', '--level', 'warn'])

export const zip = ({ run, args }) => run.tool('wxt', ['zip', ...args])
