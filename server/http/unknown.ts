import { RelayError } from '#protocol/errors.ts'
import type { RelayGuards } from './guards.ts'
import type { Route } from './route.ts'

/** What no route takes: 401 to strangers (before their body is read), 404 to those who prove who they are. relay:GEN2 */
export function unknownRoute(guards: RelayGuards): Required<Pick<Route, 'before' | 'handle'>> {
  return {
    before: guards.knownToken,
    handle: guards.bearer(undefined, () => {
      throw new RelayError('not_found', 'There is nothing at this address. Check the path and the method.')
    }),
  }
}
