import { generateKeyPairSync } from 'node:crypto'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import type { Zone } from './dns.ts'

/** A key to sign mail for a domain with: its place in the domain's zone, and the private half as PEM. */
export function makeDkimKey(domain: string, selector = 's1') {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const zone: Zone = { [`${selector}._domainkey.${domain}`]: { TXT: [record] } }
  return {
    domain,
    selector,
    pem,
    zone,
    /** The mail with a signature above it; `maxBodyLength` leaves the rest of the text unsigned. */
    async sign(raw: string, { maxBodyLength }: { maxBodyLength?: number } = {}): Promise<string> {
      const key = { signingDomain: domain, selector, privateKey: pem, ...(maxBodyLength !== undefined && { maxBodyLength }) }
      const { signatures, errors } = await dkimSign(raw, { ...key, canonicalization: 'relaxed/relaxed', signatureData: [key] })
      if (errors.length > 0) throw new Error(`not signed: ${JSON.stringify(errors)}`)
      return signatures + raw
    },
  }
}
