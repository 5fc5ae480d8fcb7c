import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'

/** `npm run dev`: the relay restarts on each change of its code, wxt rebuilds and reloads the extension. Ctrl-C stops both. */
const children = [
  spawn(
    process.execPath,
    ['--watch-path=server', '--watch-path=lib/protocol', join(root, 'server/main.ts'), 'serve', ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: 'inherit',
    },
  ),
  spawn(process.execPath, [join(root, 'node_modules/wxt/bin/wxt.mjs')], { cwd: root, stdio: 'inherit' }),
]
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
process.on('SIGTERM', () => {
  for (const child of children) child.kill('SIGTERM')
})
const [code] = await Promise.race(
  children.map((child) => new Promise<[number]>((resolve) => child.on('exit', (value) => resolve([value ?? 0])))),
)
for (const child of children) child.kill('SIGTERM')
process.exitCode = code
