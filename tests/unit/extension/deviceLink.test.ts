import { beforeEach, describe, expect, it } from 'vitest'
import { makeDeviceLink } from '../../../lib/relay/deviceLink.ts'
import { type ClientWorld, createClientWorld, PROFILE, sentences } from './support/client.ts'
import type { Told } from './support/fakeRelay.ts'

const LINK = { token: 't', url: 'https://relay.test/app#link=t', expiresInSeconds: 600 }

describe('a link to the device page', () => {
  let world: ClientWorld
  beforeEach(async () => {
    world = await createClientWorld()
    await world.register()
  })

  async function make(answer: Told): Promise<unknown> {
    world.relay.route({ 'POST /app/device-link': () => answer })
    return makeDeviceLink(world.client, PROFILE).catch((error: unknown) => error)
  }

  it('client:LNK1 is asked for by a signed request and given on without the bare token', async () => {
    expect(await make({ json: LINK })).toEqual({ url: LINK.url, expiresInSeconds: 600 })
    const { method, target, body, headers } = world.relay.asked.at(-1) ?? {}
    expect([method, target, body]).toEqual(['POST', '/app/device-link', '{}'])
    expect(headers?.['X-Signature']).toMatch(/^[A-Za-z0-9+/]{86}/)
  })

  it('client:LNK1 nothing of it is stored', async () => {
    await make({ json: { ...LINK, url: 'https://relay.test/app#link=never-kept' } })
    for (const store of world.db.objectStoreNames) expect(JSON.stringify(await world.db.getAll(store))).not.toContain('never-kept')
  })

  it('client:LNK2 a relay without the route is told from one that refuses', async () => {
    expect(sentences(await make({ status: 404, json: { error: 'no', code: 'not_found' } }))).toMatch(/^not_found: /)
    expect(sentences(await make({ status: 404, json: 'plain' }))).toMatch(/^http_404: /)
    expect(sentences(await make({ status: 403, json: { error: 'no', code: 'signature_required' } }))).toBe(
      'signature_required: A pasted token has no signing key, which this needs.',
    )
  })

  it.each([['javascript:alert(1)'], ['data:text/html,x'], ['/app#link=t'], ['']])(
    'client:LNK1 an answer with the address %j is not taken',
    async (url) => {
      expect(sentences(await make({ json: { ...LINK, url } }))).toMatch(/^bad_answer: /)
    },
  )
})
