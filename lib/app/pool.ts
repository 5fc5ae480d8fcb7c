import type { Locks } from '../platform/locks.ts'
import type { Profile } from '../profiles/model.ts'
import { isLocalRelay } from '../relay/url.ts'
import { createProfileRunner, type RunnerParts } from './profileRunner.ts'

/** client:SOC14 */
const START_SPREAD_MS = 3_000
/** client:SOC8: a timer that comes this late has slept. */
const TICK_MS = 15_000
const SLEPT_MS = 45_000

type Running = { relayUrl: string; runner: Promise<ReturnType<typeof createProfileRunner>>; stop: () => Promise<void> }

/** The live profiles: starts and ends their connections to match the database, each under its lock. client:ARC4, PRF3, SOC9, SOC14 */
export function createPool(parts: RunnerParts & { locks: Locks }) {
  const { db, locks, timers, changes } = parts
  const running = new Map<string, Running>()
  let turn: Promise<void> = Promise.resolve()

  function start({ id, relayUrl }: Profile, delayMs: number): Running {
    const ready = Promise.withResolvers<ReturnType<typeof createProfileRunner>>()
    const end = Promise.withResolvers<void>()
    const held = locks.hold(`socket:${id}`, async () => {
      const runner = createProfileRunner(id, parts)
      ready.resolve(runner)
      const cancel = timers.after(delayMs, runner.start)
      await end.promise
      cancel()
      await runner.close()
    })
    return {
      relayUrl,
      runner: ready.promise,
      stop: () => {
        end.resolve()
        return held
      },
    }
  }

  async function match(): Promise<void> {
    const profiles = await db.getAll('profiles')
    const wanted = new Map(profiles.filter(({ stopped }) => !stopped).map((profile) => [profile.id, profile]))
    for (const [id, { relayUrl, stop }] of running) {
      if (wanted.get(id)?.relayUrl === relayUrl) continue
      running.delete(id)
      await stop()
    }
    for (const { id } of profiles.filter(({ stopped }) => stopped)) {
      if ((await db.get('connections', id))?.state === 'stopped') continue
      await db.put('connections', { profileId: id, state: 'stopped', since: timers.now() })
      changes.tell({ topic: 'connection', profileId: id })
    }
    const first = running.size === 0
    for (const [index, profile] of [...wanted.values()].entries())
      if (!running.has(profile.id)) running.set(profile.id, start(profile, first ? (START_SPREAD_MS * index) / wanted.size : 0))
  }

  let seen = timers.now()
  let cancelTick = timers.after(TICK_MS, tick)
  function tick(): void {
    const slept = timers.now() - seen > SLEPT_MS
    seen = timers.now()
    cancelTick = timers.after(TICK_MS, tick)
    if (slept) each((runner) => runner.woke())
  }

  function each(run: (runner: ReturnType<typeof createProfileRunner>, relayUrl: string) => void): void {
    for (const { runner, relayUrl } of running.values()) void runner.then((one) => run(one, relayUrl))
  }

  return {
    /** Profiles, addresses or stop marks changed. */
    sync(): Promise<void> {
      turn = turn.then(match, match)
      return turn
    },
    runner: async (profileId: string) => running.get(profileId)?.runner,
    online: () => each((runner) => runner.online()),
    /** A relay on this computer needs no network. */
    offline: () =>
      each((runner, relayUrl) => {
        if (!isLocalRelay(relayUrl)) runner.offline()
      }),
    async close(): Promise<void> {
      cancelTick()
      await turn.catch(() => undefined)
      await Promise.all([...running.values()].map(({ stop }) => stop()))
    },
  }
}
