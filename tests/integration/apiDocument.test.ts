import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readApiDocument } from '../support/apiDocument.ts'
import { send } from '../support/http.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

/** That answers are as documented is checked where every test gets them: tests/support/http.ts. Here: that who may call is as documented. */
describe('docs/openapi.yaml and the relay', () => {
  const api = readApiDocument()
  const asks = (schemes: string[]) =>
    api.routes
      .filter(({ security }) => security.length > 0 && security.every((way) => schemes.some((scheme) => scheme in way)))
      .map(({ method, template }) => ({ method, target: template.replace(/\{\w+\}/g, 'x') }))
  let relay: TestRelay
  beforeAll(async () => {
    relay = await startRelay()
  })
  afterAll(() => relay.close())

  it('relay:API1 a route that asks for an apiKey refuses whoever has none', async () => {
    const routes = asks(['apiKey'])
    expect(routes.length).toBeGreaterThan(15)
    for (const { method, target } of routes) {
      const { status, json } = await send(relay.url, target, { method })
      expect([status, json.code], `${method} ${target}`).toEqual([401, 'missing_token'])
    }
  })

  it('relay:API1, AUTH4 a route that asks for a signature refuses sessions without a key', async () => {
    const bearer = await relay.client({ keyed: false })
    const routes = api.routes.filter(({ security }) => security.length > 0 && security.every((way) => 'signature' in way))
    expect(routes.length).toBeGreaterThan(0)
    for (const { method, template } of routes) {
      const { status, json } = await bearer.request(method, template.replace(/\{\w+\}/g, 'x'))
      expect([status, json.code], `${method} ${template}`).toEqual([403, 'signature_required'])
    }
  })

  it('relay:API1 a route that asks for nothing lets everybody in', async () => {
    const open = api.routes.filter(({ security }) => security.length === 0)
    expect(open.length).toBeGreaterThan(2)
    for (const { method, template } of open) {
      const { status } = await send(relay.url, template.replace(/\{\w+\}/g, 'x'), { method })
      expect([401, 403], `${method} ${template}`).not.toContain(status)
    }
  })

  it('relay:API1 an answer the document does not tell of is found out', () => {
    const json = { error: 'No.', code: 'not_found' }
    const contentType = 'application/json; charset=utf-8'
    const problems = (status: number, body: unknown) =>
      api.problems('DELETE', '/messages/m1?x=1', { status, contentType, json: body })
    expect(problems(404, json)).toEqual([])
    expect(problems(404, { ...json, code: 'channel_not_found' })).toEqual([
      expect.stringMatching(/^DELETE \/messages\/\{messageId\}: 404: \/code/),
    ])
    expect(problems(404, { ...json, stack: 'at x' })).toEqual([expect.stringContaining('stack')])
    expect(problems(418, json)).toEqual([expect.stringContaining('418 is not described')])
    expect(api.problems('DELETE', '/messages/m1', { status: 404, contentType: 'text/html', json })).toHaveLength(1)
  })
})
