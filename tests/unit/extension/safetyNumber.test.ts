import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { Database } from '../../../lib/database/open.ts'
import { trustOfferedKey } from '../../../lib/profiles/store.ts'
import { fingerprintOf } from '../../../lib/relay/keys.ts'
import { readSafety } from '../../../lib/relay/safety.ts'
import { safetyNumber } from '../../../lib/relay/safetyNumber.ts'
import { saveVerdict } from '../../../lib/relay/safetyVerdict.ts'
import { type Compared, compareNumber } from '../../../lib/relay/ui/compareNumber.ts'
import { type ClientWorld, createClientWorld, PROFILE } from './support/client.ts'

const NUMBER = '16095 36111 82610 41686 98516 30817 54569 78412 42816 88785 85692 86305'

describe('comparing a typed number', () => {
  it.each<[string, string, Compared]>([
    ['nothing', ' \n', { state: 'empty' }],
    ['the number as it is shown', NUMBER, { state: 'match' }],
    ['in three lines', NUMBER.replace(/(\d+ \d+ \d+ \d+) /g, '$1\n'), { state: 'match' }],
    ['without any space', NUMBER.replaceAll(' ', ''), { state: 'match' }],
    ['with hyphens', NUMBER.replaceAll(' ', '-'), { state: 'match' }],
    ['its beginning', '16095 361', { state: 'incomplete', missing: 52 }],
    ['a wrong digit, as soon as it stands there', '16095 3612', { state: 'differs', group: 2 }],
    ['a wrong last digit', NUMBER.replace(/5$/, '6'), { state: 'differs', group: 12 }],
    ['one digit more', `${NUMBER} 1`, { state: 'strange' }],
    ['a fingerprint', '7c1e 04d9 b23f', { state: 'strange' }],
  ])('client:SAF3 %s', (_name, text, compared) => {
    expect(compareNumber(text, NUMBER)).toEqual(compared)
  })

  it.each(['ar-EG', 'fa', 'hi', 'bn', 'th-u-nu-thai', 'en-u-nu-fullwide'])('client:SAF3 the digits of %s count', (language) => {
    const digit = new Intl.NumberFormat(language, { useGrouping: false })
    expect(
      compareNumber(
        NUMBER.replace(/\d/g, (one) => digit.format(Number(one))),
        NUMBER,
      ),
    ).toEqual({ state: 'match' })
  })
})

describe('the safety number of a profile', () => {
  let world: ClientWorld
  let db: Database
  beforeEach(async () => {
    world = await createClientWorld()
    db = world.db
  })

  async function expected(): Promise<string> {
    const identity = await db.get('identities', PROFILE)
    if (!identity) throw new Error('no identity')
    return safetyNumber(await fingerprintOf(identity.publicKey), await fingerprintOf(world.relay.key))
  }

  it('client:SAF2 there is none before the first contact, with a pasted token, without a key or at another address', async () => {
    expect(await readSafety(db, PROFILE)).toEqual({ state: 'unpinned' })
    await world.register()
    expect(await readSafety(db, PROFILE)).toMatchObject({ state: 'known', number: await expected() })
    const profile = await db.get('profiles', PROFILE)
    if (profile) await db.put('profiles', { ...profile, relayUrl: 'https://elsewhere.test' })
    expect(await readSafety(db, PROFILE)).toEqual({ state: 'unpinned' })
    if (profile) await db.put('profiles', profile)
    const session = await db.get('sessions', PROFILE)
    if (session) await db.put('sessions', { ...session, bearer: true })
    expect(await readSafety(db, PROFILE)).toEqual({ state: 'unsigned' })
    await db.delete('identities', PROFILE)
    expect(await readSafety(db, PROFILE)).toEqual({ state: 'unsigned' })
  })

  it('client:SAF4 what was found is kept for this number, and another key of the relay makes it one to compare anew', async () => {
    await world.register()
    const number = await expected()
    await saveVerdict(db, PROFILE, { number, verdict: 'match', at: 5 })
    expect(await readSafety(db, PROFILE)).toMatchObject({ number, verdict: { verdict: 'match', at: 5 }, changed: false })
    await world.relay.wipe()
    await world.send({ method: 'POST', target: '/x', body: {} }, z.unknown())
    await trustOfferedKey(db, PROFILE, (await fingerprintOf(world.relay.key)).slice(0, 9), 1)
    const after = await readSafety(db, PROFILE)
    expect(after).toMatchObject({ state: 'known', number: await expected(), changed: true })
    expect(after).not.toHaveProperty('verdict')
  })

  it('client:SAF4, ARC7 a kept finding that cannot be read counts as none', async () => {
    await world.register()
    await db.put('settings', { key: `safety:${PROFILE}`, value: { verdict: 'match' } })
    const safety = await readSafety(db, PROFILE)
    expect(safety).toMatchObject({ state: 'known', changed: false })
    expect(safety).not.toHaveProperty('verdict')
  })
})
