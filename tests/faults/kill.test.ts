import { expect, it } from 'vitest'
import { runKillScenario } from './scenario.ts'

const long = process.env.CHAOS_FAULTS === 'long'

it('relay:DUR1, CUR2 and client:CDD1, CDD3, CDD4, CDD8, CDD12 the relay killed among sequential posts loses, doubles and reorders nothing', async () => {
  const plan = { patience: 120_000, ...(long ? { posts: 10_000, kills: 100 } : { posts: 1_000, kills: 10 }) }
  const verdict = await runKillScenario(plan)
  expect(verdict.problems).toEqual([])
  expect(verdict.answered).toBeGreaterThan(plan.posts - plan.kills - 1)
})
