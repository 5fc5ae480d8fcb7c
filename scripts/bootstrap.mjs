// The one entry of every npm script. Node 20 syntax and node: modules only: nothing is installed yet when it first runs.
import { installDependencies } from './setup/dependencies.mjs'
import { pickNode } from './setup/node.mjs'
import { createRunner } from './setup/run.mjs'
import { tasks } from './tasks/index.mjs'

const [name = 'start', ...args] = process.argv.slice(2)
const task = tasks[name]
if (!task) {
  console.error(`There is no task "${name}". Try one of: ${Object.keys(tasks).join(', ')}.`)
  process.exit(2)
}

try {
  const node = pickNode()
  installDependencies()
  process.exitCode = await task({ run: createRunner(node), args })
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
