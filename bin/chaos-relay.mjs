#!/usr/bin/env node
// Finds a Node new enough for the relay and runs it there. Syntax and modules of Node 18, because any Node may be the one that reads this.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NODE_FLOOR = 24
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
// A clone runs its sources, whatever was built from them once; the package has none.
const source = join(root, 'server', 'main.ts')
const script = existsSync(source) ? source : join(root, 'dist', 'relay', 'main.js')

function majorOf(node) {
  const answer = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return answer.status === 0 ? Number.parseInt(answer.stdout.trim().slice(1), 10) : 0
}

function findNode() {
  if (Number.parseInt(process.versions.node, 10) >= NODE_FLOOR) return process.execPath
  const windows = process.platform === 'win32'
  const bundled = join(root, 'scripts', 'runtime', 'node_modules', '.bin', windows ? 'node.cmd' : 'node')
  return existsSync(bundled) && majorOf(bundled) >= NODE_FLOOR ? bundled : undefined
}

const node = findNode()
if (!node) {
  const own = existsSync(source) ? `, or run "npm start" in ${root}, which brings its own` : ''
  console.error(
    `chaos-relay needs Node ${NODE_FLOOR} or newer (this is ${process.version}). Install it from https://nodejs.org${own}.`,
  )
  process.exit(1)
}

process.argv[1] = script
if (node === process.execPath) {
  await import(pathToFileURL(script).href)
} else {
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}
