import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runExample } from '../support/example.ts'
import { send } from '../support/http.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { openTestSocket } from '../support/socket.ts'

/** Without the extension: what it does when nobody can be asked, and after a crash. With it: tests/e2e/approvals.test.ts. */

let folder: string
let relay: TestRelay
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chaos-agent-'))
  relay = await startRelay()
})
afterEach(async () => {
  await relay.close()
  rmSync(folder, { recursive: true, force: true })
})

it('relay:APV1-APV4 agent/agent.mjs makes a session, takes the relay’s no, and asks again after a crash instead of acting twice', async () => {
  const env = { RELAY_URL: relay.url, STATE_FILE: join(folder, 'state.json'), NOTES_FILE: join(folder, 'notes.txt') }
  const first = runExample('agent/agent.mjs', [], env)
  const [, apiKey = ''] = await first.line(/^token (\S+)$/)
  await first.line(/^listening$/)
  const call = async (method: string, target: string, body?: unknown) => {
    const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' }
    return (await send(relay.url, target, { method, headers, body: body === undefined ? '' : JSON.stringify(body) })).json
  }
  const { webhookUrl } = await call('POST', '/channels', { name: 'notes' })
  const { origin, pathname, search } = new URL(webhookUrl)
  const post = (content: string) => send(origin, pathname + search, { method: 'POST', body: content })

  await post('note milk')
  await first.line(/^refused: No client is connected that could decide\.$/)

  const { ticket } = await call('POST', '/ws/ticket')
  const browser = await openTestSocket(`${relay.url.replace('http', 'ws')}/ws`, ['chaos.v2', `ticket.${ticket}`])
  await browser.next()
  browser.send({ type: 'resume', cursor: 0, epoch: null })
  await browser.until('resumed')
  const asked = async () =>
    (await browser.until('approval_required')).at(-1)?.approval as { id: string; argsHash: string; args: unknown }
  const allow = ({ id, argsHash }: { id: string; argsHash: string }) =>
    browser.send({ type: 'approval_decision', id, decision: 'allow', argsHash })

  await post('note bread')
  const before = await asked()
  expect(before.args).toEqual({ text: 'bread' })
  await first.kill('SIGKILL')
  const second = runExample('agent/agent.mjs', [], env)
  const after = await asked()
  expect(after).toMatchObject({ args: { text: 'bread' } })
  expect(after.id).not.toBe(before.id)
  allow(before)
  allow(after)
  await second.line(/^done: notes\.add$/)
  await second.kill('SIGTERM')
  expect(readFileSync(env.NOTES_FILE, 'utf8')).toBe('bread\n')
  expect(await call('GET', `/approvals/${before.id}`)).toMatchObject({ state: 'allowed' })
  expect(await call('GET', `/approvals/${after.id}`)).toMatchObject({ state: 'used' })
  expect(statSync(env.STATE_FILE).mode & 0o777).toBe(0o600)
  await browser.close()
})
