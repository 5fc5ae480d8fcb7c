import { inOrder, sideBySide } from '../setup/run.mjs'

const prepare = (run) => ['Preparing types', () => run.tool('wxt', ['prepare', '--level', 'warn'])]
const types = (run, project) => [`Types of ${project}`, () => run.tool('typescript', ['-p', project], undefined, 'tsc')]

/** Format, lint, types, boundaries, dead code, rules about the repository. Changes nothing. */
export const check = ({ run }) =>
  inOrder([
    prepare(run),
    [
      'Checks, two at a time',
      () =>
        sideBySide(2, [
          ['Dead code', () => run.tool('knip', ['--no-progress'])],
          ['Format and lint', () => run.tool('@biomejs/biome', ['ci', '--error-on-warnings', '.'])],
          types(run, 'tsconfig.tests.json'),
          types(run, 'tsconfig.json'),
          types(run, 'tsconfig.server.json'),
          types(run, 'tsconfig.protocol.json'),
          types(run, 'tsconfig.pages.json'),
          ['Import boundaries', () => run.script('scripts/tasks/boundaries.mjs')],
          ['Rules about the repository', () => run.tool('vitest', ['run', '--project', 'repo'])],
        ]),
    ],
  ])

export const fix = ({ run }) =>
  inOrder([
    prepare(run),
    ['Format and lint', () => run.tool('@biomejs/biome', ['check', '--write', '.'])],
    ['docs/openapi.yaml', () => run.script('scripts/openapi/main.ts')],
  ])
