import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPost } from '../../../../server/channels/webhook/content.ts'

const post = (body: string | Uint8Array, contentType: string | undefined) =>
  readPost({ body: Buffer.from(body), contentType, source: undefined, prettyJson: false })

const FORM =
  '--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--xx\r\nContent-Disposition: form-data; name="f"; filename="e.txt"\r\nContent-Type: text/plain; charset=latin1\r\nContent-Transfer-Encoding: base64\r\n\r\nQllURVM=\r\n--xx--\r\n'

describe('bodies of webhooks', () => {
  it('relay:WH4 mangled multipart bodies always end in a message', async () => {
    const change = fc.record({
      at: fc.nat(FORM.length),
      remove: fc.nat(30),
      insert: fc.constantFrom('', '\r\n', '--xx', '--', ':', '"', 'name=', '\0', '\r\n\r\n', '--xx--'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        let body = FORM
        for (const { at, remove, insert } of changes) body = body.slice(0, at) + insert + body.slice(at + remove)
        const { content } = await post(body, 'multipart/form-data; boundary=xx')
        expect(typeof content).toBe('string')
      }),
      { numRuns: 500 },
    )
  })

  it('relay:WH4 a multipart body of more than a thousand parts is no form', async () => {
    const part = '--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    const body = `${part.repeat(1001)}--xx--\r\n`
    expect(await post(body, 'multipart/form-data; boundary=xx')).toMatchObject({ content: body, metadata: { parseError: true } })
    expect((await post(`${part.repeat(1000)}--xx--\r\n`, 'multipart/form-data; boundary=xx')).content).toBe('{"a":"1"}')
  })

  it('relay:WH2-WH6 whatever is posted becomes a message', async () => {
    const types = fc.constantFrom(
      undefined,
      '',
      'application/json',
      'a/b+json',
      'text/plain;charset=',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      ';;;',
      'application/json; charset=utf-16le',
    )
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
    )
    await fc.assert(
      fc.asyncProperty(types, bodies, async (type, body) => {
        const { content, from, metadata } = await post(body, type)
        expect(typeof content).toBe('string')
        expect(from.length).toBeGreaterThan(0)
        expect(from.length).toBeLessThanOrEqual(128)
        expect(() => JSON.stringify(metadata)).not.toThrow()
      }),
      { numRuns: 500 },
    )
  })
})
