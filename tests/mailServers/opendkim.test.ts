import { afterEach, describe, expect, it } from 'vitest'
import { mailText, type ReceivingRelay, startReceivingRelay } from '../fakes/smtp/receiving.ts'
import { makeDkimKey } from '../support/dkim.ts'
import { startOpenDkim } from '../support/opendkim.ts'

let email: ReceivingRelay
let opendkim: Awaited<ReturnType<typeof startOpenDkim>>
afterEach(async () => {
  await email.close()
  await opendkim.close()
})

/** Nobody sends from there for anybody, so that only the signature can vouch. */
const FROM = { from: '127.0.0.9', mailFrom: 'bounces@elsewhere.example' }

describe('mail signed by OpenDKIM', () => {
  it.each(['relaxed/relaxed', 'simple/simple', 'relaxed/simple'])(
    'relay:EML9 is from its domain, and a changed one is not: %s',
    async (canonicalization) => {
      const key = makeDkimKey('example.com')
      email = await startReceivingRelay({ zone: key.zone })
      opendkim = await startOpenDkim(key, canonicalization)
      const { inboundAddress } = await email.verifiedChannel()
      const signed = await opendkim.sign(mailText({ Subject: 'Grüße  with   spaces' }, 'Pay 10 \n\n  to me\n\n\n'))
      expect(signed).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256;/)
      expect(await email.deliver(Buffer.from(signed.replace('Pay 10', 'Pay 90')), inboundAddress, FROM)).toMatch(/^550 5\.7\.26 /)
      expect(await email.deliver(Buffer.from(signed), inboundAddress, FROM)).toBe('250 2.0.0 Stored')
      const [{ metadata }] = await email.messages()
      expect(metadata.auth).toEqual({ spf: 'none', dkim: 'pass', dmarc: 'pass', aligned: true })
    },
  )
})
