import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from '../support/http.ts'
import { createLogLines } from '../support/logLines.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

const CANARY = 'canary0123456789abcdef'

describe('what the relay writes to its log', () => {
  const lines = createLogLines('trace')
  let relay: TestRelay
  beforeAll(async () => {
    relay = await startRelay({ log: lines.log })
  })
  afterAll(() => relay.close())

  it('relay:LOG1 no token, ticket, signature, key, content, query or unknown path, at the most talkative level', async () => {
    const client = await relay.client()
    const ticket = (await client.post('/ws/ticket')).json.ticket
    const nonce = 'nonce-0123456789'
    const headers = client.identity.headers('POST', `/ws/ticket?${CANARY}=1`, '', { nonce })
    const authorization = { Authorization: `Bearer ${client.apiKey}` }
    await send(relay.url, `/ws/ticket?${CANARY}=1`, { method: 'POST', headers: { ...authorization, ...headers } })
    await send(relay.url, `/health?token=${CANARY}`, { headers: authorization })
    await send(relay.url, `/${CANARY}/x?y=${CANARY}`, { headers: { Authorization: `Bearer ${CANARY}` } })
    await send(relay.url, '/auth/register', { method: 'POST', body: `{"content":"${CANARY}"` })
    await send(relay.url, '/auth/register', { method: 'POST', body: JSON.stringify({ publicKey: { kty: CANARY, x: CANARY } }) })
    await send(relay.url, '/nothing', {
      headers: { Cookie: CANARY, 'X-Signature': CANARY, 'X-Nonce': CANARY, 'X-Timestamp': CANARY },
    })
    const { x = '', y = '' } = client.identity.publicKey
    for (const secret of [CANARY, client.apiKey, ticket, headers['X-Signature'] ?? '', x, y])
      expect(lines.text()).not.toContain(secret)
    expect(lines.parsed().length).toBeGreaterThanOrEqual(8)
  })
})
