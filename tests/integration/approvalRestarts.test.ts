import { afterEach, describe, expect, it } from 'vitest'
import { ask, DELETE, decision, NO_APPROVAL_LIMITS, required, withWindow } from '../support/approvals.ts'
import { createClient } from '../support/client.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { startRelay } from '../support/relay.ts'
import { startRelayProcess } from '../support/relayProcess.ts'

describe('approvals over restarts', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })

  async function process() {
    const relay = await startRelayProcess({ env: NO_APPROVAL_LIMITS })
    undo.push(() => relay.close())
    return { relay, ...(await withWindow(await createClient(relay.url))) }
  }

  it('relay:APV1 what waits is asked again after kill -9, and can be decided then', async () => {
    const { relay, client, window } = await process()
    const id = await ask(client)
    const before = required(await window.nextOf('approval_required'))
    await relay.restart('SIGKILL')
    expect((await client.get(`/approvals/${id}`)).json).toEqual({ state: 'pending' })
    const again = await client.openResumed()
    expect(required(await again.next())).toEqual(before)
    again.send(decision(id, 'allow'))
    expect((await client.get(`/approvals/${id}?waitMs=30000`)).json.state).toBe('allowed')
  })

  it('relay:APV3 a decision that was told holds after kill -9; one cut short is either made or asked again, never half', async () => {
    const { relay, client } = await process()
    let told = 0
    for (let round = 0; round < 4; round++) {
      const window = await client.openResumed()
      const id = await ask(client)
      await window.nextOf('approval_required')
      window.send(decision(id, 'allow'))
      let update: unknown
      const seen = window.nextOf('approval_update').then(
        (frame) => {
          update = frame
        },
        () => {},
      )
      if (round % 2 === 0) await seen
      await relay.restart('SIGKILL')
      const { state } = (await client.get(`/approvals/${id}`)).json
      if (update) told++
      expect(update ? ['allowed'] : ['allowed', 'pending']).toContain(state)
      const again = await client.openResumed()
      if (state === 'pending') {
        expect(required(await again.next()).id).toBe(id)
        again.send(decision(id, 'allow'))
        await again.nextOf('approval_update')
      }
      const uses = await Promise.all([1, 2, 3].map(() => client.post(`/approvals/${id}/use`, DELETE)))
      expect(uses.map(({ status }) => status).sort()).toEqual([200, 409, 409])
      await relay.restart('SIGKILL')
      expect((await client.post(`/approvals/${id}/use`, DELETE)).json.code).toBe('approval_used')
    }
    expect(told).toBeGreaterThanOrEqual(2)
  }, 120_000)

  it('relay:APV4 what ran out of time while the relay was down is denied at its start', async () => {
    const clock = createFakeClock()
    const relay = await startRelay({ clock })
    undo.push(() => relay.close())
    const { client } = await withWindow(await relay.client())
    const id = await ask(client, { timeoutMs: 60_000 })
    const later = await ask(client, { timeoutMs: 600_000 })
    const stopped = relay.restart()
    await clock.advance(120_000)
    await stopped
    await clock.advance(1)
    expect((await relay.relay.store.approvals.byId(client.userId, id))?.decidedBy).toBe('timeout')
    const window = await client.openResumed()
    expect(required(await window.next()).id).toBe(later)
    window.send(decision(id, 'allow'))
    expect(await window.next()).toMatchObject({ code: 'approval_expired' })
  })

  it('relay:GEN8 a stop answers who waits at once and takes no ten seconds', async () => {
    const clock = createFakeClock()
    const relay = await startRelay({ clock })
    undo.push(() => relay.close())
    const { client, window } = await withWindow(await relay.client())
    const id = await ask(client)
    await window.nextOf('approval_required')
    const before = clock.waiting()
    const waiting = client.get(`/approvals/${id}?waitMs=30000`)
    while (clock.waiting() === before) await new Promise((resolve) => setImmediate(resolve))
    const closed = relay.close()
    expect((await waiting).json).toEqual({ state: 'pending' })
    await closed
    // Nothing is left to wake a relay that has stopped.
    expect(clock.waiting()).toBe(0)
  })
})
