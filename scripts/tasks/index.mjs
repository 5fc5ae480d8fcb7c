import { inOrder } from '../setup/run.mjs'
import { build, buildExtension, zip } from './build.mjs'
import { check, fix } from './check.mjs'
import { bench, e2e, faults, hosting, pictures, test, unit } from './test.mjs'

/** Every task gets `{ run, args }` and resolves with an exit code. */
export const tasks = {
  start: (context) =>
    inOrder([
      ['Building the extension', () => buildExtension(context)],
      ['Starting the relay', () => context.run.script('scripts/start/main.ts', context.args)],
    ]),
  dev: ({ run, args }) => run.script('scripts/start/dev.ts', args),
  build,
  zip,
  check,
  fix,
  unit,
  test,
  e2e,
  hosting,
  faults,
  bench,
  pictures,
}
