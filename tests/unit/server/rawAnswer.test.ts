import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { createRateLimits } from '../../../server/http/rateLimits.ts'
import { sendRawError } from '../../../server/http/rawAnswer.ts'
import { createFakeClock } from '../../support/fakeClock.ts'

it('relay:RL1 a refusal on a bare socket, as handshakes get it, has the headers of every 429', async () => {
  const limits = createRateLimits({ clock: createFakeClock(), overrides: { wsTicket: { limit: 1, windowSec: 30 } } })
  limits.consume('wsTicket', 'u')
  const server = createServer((socket) => {
    try {
      limits.consume('wsTicket', 'u')
    } catch (error) {
      sendRawError(socket, error, 'id')
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1')
  let text = ''
  client.on('data', (chunk) => {
    text += chunk
  })
  await once(client, 'close')
  server.close()
  const [head = '', body = ''] = text.split('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n/)
  for (const header of ['Retry-After: 30', 'RateLimit-Limit: 1', 'RateLimit-Remaining: 0', 'RateLimit-Reset: 30'])
    expect(head.split('\r\n')).toContain(header)
  expect(JSON.parse(body)).toMatchObject({ code: 'rate_limited', retryAfter: 30 })
})
