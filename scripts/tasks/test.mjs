import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureCommands } from '../setup/apt.mjs'
import { ensureChromium } from '../setup/chromium.mjs'
import { ensureFirefox } from '../setup/firefox.mjs'
import { inOrder } from '../setup/run.mjs'

/** What the tests start besides Node and Chromium. */
const testCommands = {
  strace: 'strace',
  nginx: 'nginx-light',
  caddy: 'caddy',
  openssl: 'openssl',
  'systemd-analyze': 'systemd',
  curl: 'curl',
  python3: 'python3',
  swaks: 'swaks libnet-ssleay-perl',
  exim4: 'exim4-daemon-light',
  opendkim: 'opendkim',
  rspamd: 'rspamd',
}
const benchCommands = { cc: 'gcc', taskset: 'util-linux' }

const prepare = ({ run }) => ['Preparing types', () => run.tool('wxt', ['prepare', '--level', 'warn'])]

/** One vitest run; its JSON report goes to `report` for the sum at the end. */
async function vitest({ run, args = [] }, projects, extra = {}, report = undefined) {
  const reporters = report ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : []
  return run.tool('vitest', ['run', ...projects.flatMap((name) => ['--project', name]), ...reporters, ...args], extra)
}

function ensureTestCommands() {
  if (process.platform === 'linux') ensureCommands(testCommands)
}

async function withChromium(context, next) {
  ensureTestCommands()
  return next({ CHROMIUM_PATH: await ensureChromium(context.run) })
}

/** Everything, in one command and one run. */
export async function test(context) {
  ensureFirefox()
  const folder = mkdtempSync(join(tmpdir(), 'chaos-tests-'))
  const report = join(folder, 'report.json')
  try {
    const code = await withChromium(context, (extra) =>
      inOrder([prepare(context), ['All tests', () => vitest(context, [], extra, report)]]),
    )
    console.log(sum(report))
    return code
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `412 passed, 0 failed` */
function sum(report) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
    return `${numPassedTests} passed, ${numFailedTests} failed`
  } catch {
    return 'The run left no report: see above for what stopped it.'
  }
}

export async function unit(context) {
  ensureTestCommands()
  return inOrder([prepare(context), ['Unit, contract and integration tests', () => vitest(context, ['relay', 'extension'])]])
}
export const e2e = (context) => withChromium(context, (extra) => vitest(context, ['e2e'], extra))
export function hosting(context) {
  ensureTestCommands()
  ensureFirefox()
  return inOrder([prepare(context), ['Package, proxies and examples', () => vitest(context, ['hosting'])]])
}
/** The long form, one file at a time: each counts what comes through while it kills. */
export const faults = ({ args = [], ...context }) =>
  withChromium(context, (extra) =>
    vitest({ ...context, args: ['--no-file-parallelism', ...args] }, ['faults'], { ...extra, CHAOS_FAULTS: 'long' }),
  )

export async function bench(context) {
  ensureCommands(benchCommands)
  return withChromium(context, (extra) => context.run.script('tests/bench/main.ts', context.args, extra))
}

export const pictures = (context) =>
  withChromium(context, (extra) => context.run.script('tests/pictures/main.ts', context.args, extra))
