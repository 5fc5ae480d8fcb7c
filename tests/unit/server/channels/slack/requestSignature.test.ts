import { randomInt } from 'node:crypto'
import { verifySlackRequest as oracle } from '@slack/bolt'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifySlackRequest } from '../../../../../server/channels/slack/requestSignature.ts'
import { signSlackRequest } from '../../../../fakes/slack/requestUrl.ts'

const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5'
const now = 1_700_000_000_000

function passes(run: () => void): boolean {
  try {
    run()
    return true
  } catch {
    return false
  }
}

/** What we say and what Slack's own library says. */
function verdicts({ timestamp, signature, body }: { timestamp: string; signature: string; body: string }) {
  const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(timestamp) }
  return {
    ours: passes(() => verifySlackRequest({ timestamp, signature }, Buffer.from(body), signingSecret, now)),
    theirs: passes(() => oracle({ signingSecret, body, headers, nowMilliseconds: now })),
  }
}

describe('signatures of Slack', () => {
  it('relay:SL3 what is signed is accepted, by us and by Slack’s library', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: -300, max: 0 }), (body, age) => {
        const timestamp = String(now / 1000 + age)
        const signature = signSlackRequest(signingSecret, timestamp, body)
        expect(verdicts({ timestamp, signature, body })).toEqual({ ours: true, theirs: true })
      }),
    )
  })

  it('relay:SL3 what is changed anywhere, too old, or too new is refused', () => {
    const timestamp = String(now / 1000)
    const body = '{"type":"event_callback"}'
    const signature = signSlackRequest(signingSecret, timestamp, body)
    for (let at = 0; at < signature.length; at++) {
      const other = '0123456789abcdef=v'.replace(signature[at] ?? '', '')[randomInt(16)] ?? ''
      const forged = signature.slice(0, at) + other + signature.slice(at + 1)
      expect(verdicts({ timestamp, signature: forged, body })).toEqual({ ours: false, theirs: false })
    }
    expect(verdicts({ timestamp, signature, body: `${body} ` })).toEqual({ ours: false, theirs: false })
    const old = String(now / 1000 - 301)
    expect(verdicts({ timestamp: old, signature: signSlackRequest(signingSecret, old, body), body })).toEqual({
      ours: false,
      theirs: false,
    })
    const early = String(now / 1000 + 301)
    expect(verdicts({ timestamp: early, signature: signSlackRequest(signingSecret, early, body), body }).ours).toBe(false)
  })

  it('relay:SL3 no second spelling of a right signature or time passes', () => {
    const timestamp = String(now / 1000)
    const signature = signSlackRequest(signingSecret, timestamp, '{}')
    for (const spelling of [signature.toUpperCase(), ` ${signature}`, `${signature} `, signature.slice(3), `v0=${signature}`, ''])
      expect(verdicts({ timestamp, signature: spelling, body: '{}' }).ours).toBe(false)
    for (const time of [`${timestamp}.0`, `+${timestamp}`, ` ${timestamp}`, '1.7e9', 'NaN', '', '-1'])
      expect(verdicts({ timestamp: time, signature: signSlackRequest(signingSecret, time, '{}'), body: '{}' }).ours).toBe(false)
  })
})
