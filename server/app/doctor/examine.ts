import { ConfigError, type ConfigOverrides, readConfig } from '../../config.ts'
import { withoutRedirects } from '../../http/noRedirects.ts'
import { isDataDirLocked } from '../../store/lock.ts'
import { VERSION } from '../../version.ts'
import { checkBots } from './bots.ts'
import { createClockCheck } from './clock.ts'
import { checkDirectory } from './directory.ts'
import { type Finding, fail, ok, skip } from './finding.ts'
import { checkListening } from './listening.ts'
import { checkMail } from './mail.ts'
import { checkPublicUrl } from './publicUrl.ts'
import { checkReceiving } from './receiving.ts'
import { checkStore } from './store.ts'

/**
 * Goes over everything a relay needs, from the inside out, also beside a running one, and changes nothing. Each finding is given as soon as it is made.
 * relay:CLI3
 */
export async function* examine({
  env,
  overrides,
  fetch: anyFetch,
  now,
}: {
  env: NodeJS.ProcessEnv
  overrides: ConfigOverrides
  fetch: typeof globalThis.fetch
  now: () => number
}): AsyncGenerator<Finding> {
  const config = configOf(env, overrides)
  if (config instanceof ConfigError) {
    for (const problem of config.problems)
      yield fail('configuration', problem, 'Correct this variable; docs/configuration.md lists them all.')
    return yield skip('everything else', 'needs a valid configuration')
  }
  const fetch = withoutRedirects(anyFetch)
  yield ok('configuration', `valid (version ${VERSION}, Node ${process.versions.node})`)
  const running = config.dataDir !== ':memory:' && isDataDirLocked(config.dataDir)
  yield* await checkDirectory(config.dataDir)
  const { findings, opened } = await checkStore(config, running)
  yield* findings
  yield await checkListening(config, running, { opened, fetch })
  yield* await checkPublicUrl(config, running, { opened, fetch })
  const clock = createClockCheck({ fetch, now })
  yield* await checkBots(config, { opened, fetch: clock.fetch })
  yield* await checkMail(config, clock.fetch)
  if (config.email.smtpIn) yield* await checkReceiving(config.email.smtpIn, running, now())
  yield clock.finding()
}

function configOf(env: NodeJS.ProcessEnv, overrides: ConfigOverrides) {
  try {
    return readConfig(env, overrides)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
}
