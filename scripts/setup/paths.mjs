import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const runtimeDirectory = join(root, 'scripts', 'runtime')
export const extensionDirectory = join(root, '.output', 'chrome-mv3')
