import { relative, sep } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { root } from '../../scripts/setup/paths.mjs'

/** What takes half a minute and more, longest first: begun early, so that all workers end together. */
const LONG = [
  'e2e/hostileContent',
  'e2e/lifecycle',
  'e2e/optionsLooks',
  'e2e/admin',
  'e2e/catchUp',
  'e2e/devicePage',
  'integration/discordCrash',
  'faults/mutations',
  'e2e/popupLong',
  'e2e/pseudoLocale',
]

/**
 * The order of the test files: the long ones, then browsers evenly among the others, which wait more than they compute. Two cores are busy
 * to the end that way, and seldom drive three browsers at once.
 */
export default class InTurn extends BaseSequencer {
  override async sort(specs: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specs)
    const long = sorted.filter((spec) => placeOf(spec) >= 0).sort((a, b) => placeOf(a) - placeOf(b))
    const rest = sorted.filter((spec) => placeOf(spec) < 0)
    const browsers = rest.filter(isBrowser)
    const others = rest.filter((spec) => !isBrowser(spec))
    return [
      ...among(long.filter(isBrowser), [...long.filter((spec) => !isBrowser(spec)), ...others.splice(0, long.length * 4)]),
      ...among(browsers, others),
    ]
  }
}

const nameOf = ({ moduleId }: TestSpecification): string =>
  relative(root, moduleId)
    .split(sep)
    .join('/')
    .replace(/^tests\//, '')
    .replace(/\.test\.tsx?$/, '')
const placeOf = (spec: TestSpecification): number => LONG.indexOf(nameOf(spec))
const isBrowser = (spec: TestSpecification): boolean => spec.project.name === 'e2e'

/** Both lists in their order, each spread evenly over the whole. */
function among<T>(some: readonly T[], others: readonly T[]): T[] {
  const places = (list: readonly T[]) => list.map((item, index) => ({ item, at: index / list.length }))
  return [...places(some), ...places(others)].sort((a, b) => a.at - b.at).map(({ item }) => item)
}
