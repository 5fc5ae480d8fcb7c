import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { root } from './paths.mjs'

/** Starts installed tools and our own scripts on the chosen Node. Each call resolves with the exit code. */
export function createRunner(node) {
  const env = {
    ...process.env,
    PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    PUPPETEER_SKIP_DOWNLOAD: '1',
    // What was compiled once is not compiled again by the next tool, test or relay: half the time until a relay listens.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'compiled'),
  }
  const start = (args, extra = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: { ...env, ...extra } })
      // Ctrl-C reaches the child by itself (same process group): stay until it has cleaned up.
      const wait = () => {}
      process.on('SIGINT', wait)
      const forward = () => child.kill('SIGTERM')
      process.on('SIGTERM', forward)
      child.on('error', reject)
      child.on('exit', (code, signal) => {
        process.off('SIGINT', wait)
        process.off('SIGTERM', forward)
        resolve(code ?? (signal ? 1 : 0))
      })
    })
  return {
    node,
    /** A command of an installed package, found by its package.json so that it works on every platform. */
    tool: (packageName, args, extra, command = packageName.split('/').pop()) => {
      const folder = join(root, 'node_modules', packageName)
      const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      return start([join(folder, typeof bin === 'string' ? bin : bin[command]), ...args], extra)
    },
    script: (file, args = [], extra) => start([join(root, file), ...args], extra),
  }
}

/** Runs steps in order and stops at the first that fails. Each returns an exit code. */
export async function inOrder(steps) {
  for (const [title, step] of steps) {
    console.log(`• ${title}`)
    const code = await step()
    if (code !== 0) {
      console.error(`✗ ${title} failed`)
      return code
    }
  }
  return 0
}

/** Runs steps that need nothing of each other, `lanes` at once. None begins after one failed; the first exit code that is not 0. */
export async function sideBySide(lanes, steps) {
  const waiting = [...steps]
  let failed = 0
  const lane = async () => {
    for (let step = waiting.shift(); step && !failed; step = waiting.shift()) {
      const code = await inOrder([step])
      if (code !== 0) failed = code
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return failed
}
