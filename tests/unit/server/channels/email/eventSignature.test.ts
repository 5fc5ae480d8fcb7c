import { createHmac, randomInt } from 'node:crypto'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { describe, expect, it } from 'vitest'
import { eventHeaders, verifyEvent } from '../../../../../server/channels/email/eventSignature.ts'
import { signEvent } from '../../../../fakes/resend/webhooks.ts'

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes !!!').toString('base64')}`
const body = '{"type":"email.received","data":{"email_id":"mail-1"}}'
const now = Date.now()

function accepts(headers: Record<string, string>, text = body, at = now): boolean {
  const given = eventHeaders(headers)
  if (!given) return false
  try {
    verifyEvent(given, Buffer.from(text), secret, at)
    return true
  } catch {
    return false
  }
}

describe('signed events', () => {
  it('relay:EML6 what the svix library signs is accepted under both names of the headers', () => {
    const timestamp = new Date(now)
    const signature = new SvixWebhook(secret).sign('msg_1', timestamp, body)
    const seconds = String(Math.floor(now / 1000))
    expect(accepts({ 'svix-id': 'msg_1', 'svix-timestamp': seconds, 'svix-signature': signature })).toBe(true)
    expect(accepts({ 'webhook-id': 'msg_1', 'webhook-timestamp': seconds, 'webhook-signature': signature })).toBe(true)
    expect(accepts({ 'svix-id': 'msg_1', 'webhook-timestamp': seconds, 'webhook-signature': signature })).toBe(false)
  })

  it('relay:WH8 what the standardwebhooks library signs is accepted, also as one of several signatures', () => {
    const signature = new StandardWebhook(secret).sign('msg_2', new Date(now), body)
    const headers = { 'webhook-id': 'msg_2', 'webhook-timestamp': String(Math.floor(now / 1000)) }
    expect(accepts({ ...headers, 'webhook-signature': signature })).toBe(true)
    expect(accepts({ ...headers, 'webhook-signature': `v1,AAAA v1a,xyz ${signature}` })).toBe(true)
    expect(accepts({ ...headers, 'webhook-signature': signature.replace('v1,', 'v2,') })).toBe(false)
  })

  it('relay:EML6 what the fake provider signs is accepted by both libraries', () => {
    const headers = signEvent({ id: 'msg_3', body, secret, at: now })
    const standard = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace('svix', 'webhook'), value]))
    expect(() => new SvixWebhook(secret).verify(body, headers)).not.toThrow()
    expect(new StandardWebhook(secret).verify(body, standard)).toEqual(JSON.parse(body))
    expect(() => new SvixWebhook(secret).verify(`${body} `, headers)).toThrow()
    expect(() => new StandardWebhook(secret).verify(`${body} `, standard)).toThrow()
  })

  it('relay:EML6 300 s either way are accepted, more is not', () => {
    const at = Math.floor(now / 1000) * 1000
    const headers = signEvent({ id: 'msg_4', body, secret, at })
    for (const [skew, accepted] of [
      [300_000, true],
      [301_000, false],
      [-300_000, true],
      [-301_000, false],
    ] as const)
      expect(accepts(headers, body, at + skew)).toBe(accepted)
  })

  it('relay:EML6 of 1,000 mutations none is accepted', () => {
    const right = signEvent({ id: 'msg_5', body, secret, at: now })
    let accepted = 0
    for (let n = 0; n < 1000; n++) {
      const headers = { ...right }
      let text = body
      const where = ['svix-id', 'svix-timestamp', 'svix-signature', 'body'][n % 4] ?? ''
      const mutated = mutate(where === 'body' ? text : (headers[where] ?? ''))
      if (where === 'body') text = mutated
      else headers[where] = mutated
      if (accepts(headers, text)) accepted += 1
    }
    expect(accepted).toBe(0)
  })

  it('relay:EML6 no other spelling of the right signature is accepted', () => {
    const right = signEvent({ id: 'msg_6', body, secret, at: now })
    const signature = right['svix-signature'] ?? ''
    const last = signature.charCodeAt(signature.length - 2)
    const spellings = [
      signature.slice(0, -1),
      `${signature.slice(0, -2)}${String.fromCharCode(last + 1)}=`,
      signature.replace(/\+/g, '-').replace(/\//g, '_').slice(0, -1),
      `${signature}=`,
      signature.slice(3),
      '',
      'v1,',
    ]
    for (const other of spellings) expect(accepts({ ...right, 'svix-signature': other }), other).toBe(false)
  })

  it.each(['', ' ', 'NaN', '-1', '1e9', '0x10', '1700000000.5', '99999999999999999999'])(
    'relay:EML6 the timestamp %j is refused even if it is signed',
    (timestamp) => {
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
      const signature = createHmac('sha256', key).update(`msg_7.${timestamp}.${body}`).digest('base64')
      expect(accepts({ 'svix-id': 'msg_7', 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` })).toBe(false)
    },
  )

  it('relay:EML6 an empty secret verifies nothing', () => {
    const headers = eventHeaders(signEvent({ id: 'msg_8', body, secret: 'whsec_', at: now }))
    expect(() => headers && verifyEvent(headers, Buffer.from(body), 'whsec_', now)).toThrow('RESEND_WEBHOOK_SECRET')
  })
})

/** One character changed, removed, added or moved. */
function mutate(text: string): string {
  const at = randomInt(text.length)
  const other = String.fromCharCode(33 + ((text.charCodeAt(at) - 33 + 1 + randomInt(90)) % 94))
  const kinds = [
    text.slice(0, at) + other + text.slice(at + 1),
    text.slice(0, at) + text.slice(at + 1),
    text.slice(0, at) + other + text.slice(at),
    text + text,
    text.slice(0, at),
  ]
  const changed = kinds[randomInt(kinds.length)] ?? ''
  return changed === text ? `${text}x` : changed
}
