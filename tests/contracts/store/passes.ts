import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PASS_TRACE_MS } from '../../../server/store/pass.ts'
import type { PassRecord } from '../../../server/store/port.ts'
import type { OpenedStore, StoreEngine } from './engine.ts'
import { addSession, fresh, restart, T0 } from './engine.ts'

const LIFE = 60_000

export function passesContract(engine: StoreEngine): void {
  describe(`${engine.name}: passes of the relay's own pages`, () => {
    let opened: OpenedStore
    beforeEach(async () => {
      opened = await engine.open()
    })
    afterEach(() => opened.close())
    const passes = () => opened.store.passes

    async function add(given: Partial<PassRecord> = {}, keep = 10): Promise<PassRecord> {
      const issuedAt = given.issuedAt ?? T0
      const pass: PassRecord = {
        hash: fresh('hash'),
        kind: 'device',
        owner: 'somebody',
        issuedAt,
        expiresAt: issuedAt + LIFE,
        ...given,
      }
      await passes().add(pass, keep)
      return pass
    }
    const isKnown = async ({ kind, hash }: PassRecord, now = T0) => (await passes().find(kind, hash, now)) !== undefined

    it('relay:ADM3 relay:DEV1 a pass is found by kind and hash until it expires, also after a restart', async () => {
      const pass = await add()
      await restart(opened)
      expect(await passes().find('device', pass.hash, T0 + LIFE - 1)).toEqual(pass)
      expect(await passes().find('device', pass.hash, T0 + LIFE)).toBeUndefined()
      expect(await passes().find('admin', pass.hash, T0)).toBeUndefined()
      expect(await passes().find('device', fresh('hash'), T0)).toBeUndefined()
    })

    it('relay:ADM3 a clock that is set back does not lengthen the life of a pass', async () => {
      const pass = await add()
      expect(await isKnown(pass, T0 - LIFE + 1)).toBe(true)
      expect(await isKnown(pass, T0 - LIFE)).toBe(false)
      expect((await passes().take('device', pass.hash, T0 - LIFE))?.outcome).toBe('expired')
    })

    it('relay:DEV1 of 50 who take a pass at once exactly one gets it', async () => {
      const pass = await add({ kind: 'deviceLink' })
      const answers = await Promise.all(Array.from({ length: 50 }, () => passes().take('deviceLink', pass.hash, T0)))
      expect(answers.filter((answer) => answer?.outcome === 'taken')).toEqual([{ outcome: 'taken', pass }])
      expect(answers.filter((answer) => answer === undefined)).toHaveLength(49)
      await restart(opened)
      expect(await passes().take('deviceLink', pass.hash, T0)).toBeUndefined()
    })

    it('relay:DEV1 an expired pass is told from one that never was, for a day', async () => {
      const pass = await add({ kind: 'deviceLink' })
      for (const now of [T0 + LIFE, T0 + LIFE + 1])
        expect(await passes().take('deviceLink', pass.hash, now)).toEqual({ outcome: 'expired', pass })
      expect(await passes().take('device', pass.hash, T0)).toBeUndefined()
      await add({ issuedAt: T0 + LIFE + PASS_TRACE_MS })
      expect((await passes().take('deviceLink', pass.hash, T0 + LIFE))?.outcome).toBe('expired')
      await add({ issuedAt: T0 + LIFE + PASS_TRACE_MS + 1 })
      expect(await passes().take('deviceLink', pass.hash, T0 + LIFE)).toBeUndefined()
    })

    it('relay:ADM5 a pass that was ended is gone, others stay', async () => {
      const [ended, other] = [await add(), await add()]
      await passes().end('admin', ended.hash)
      expect(await isKnown(ended)).toBe(true)
      await passes().end('device', ended.hash)
      expect([await isKnown(ended), await isKnown(other)]).toEqual([false, true])
    })

    it('relay:DEV1 of one owner and kind only the newest are kept', async () => {
      const mine: PassRecord[] = []
      for (let n = 0; n < 5; n++) mine.push(await add({ issuedAt: T0 + n }, 3))
      const others = [await add({ owner: 'other' }, 1), await add({ kind: 'deviceLink' }, 1)]
      expect(await Promise.all(mine.map((pass) => isKnown(pass)))).toEqual([false, false, true, true, true])
      expect(await Promise.all(others.map((pass) => isKnown(pass)))).toEqual([true, true])
    })

    it('relay:STO6 relay:REG7 the passes of a session end with it, and with its other apiKeys', async () => {
      const user = await addSession(opened.store, { tokenHash: 'a' })
      const pass = await add({ owner: user })
      const other = await add()
      await opened.store.sessions.revokeTokensExcept(user, 'a')
      expect([await isKnown(pass), await isKnown(other)]).toEqual([false, true])
      const again = await add({ owner: user })
      await opened.store.sessions.remove(user)
      expect([await isKnown(again), await isKnown(other)]).toEqual([false, true])
    })
  })
}
