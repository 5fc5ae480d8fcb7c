import { spawn } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../support/client.ts'
import { createDaemonWorld, isAlive } from '../support/daemon.ts'
import { send } from '../support/http.ts'
import { spawnRelay } from '../support/relayProcess.ts'

describe('the relay in the background', () => {
  let world: ReturnType<typeof createDaemonWorld>
  const undo: (() => unknown)[] = []
  beforeEach(() => {
    world = createDaemonWorld()
  })
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
    await world.close()
  })
  const health = (url: string) => send(url, '/health').then(({ status }) => status)

  it('relay:CLI1 remote:CLI1 remote:CLI2 remote:CLI7 remote:CLI9 start, status, stop say what they did, with honest exit codes', async () => {
    expect(await world.run(['status'])).toMatchObject({
      code: 3,
      stdout: '[chaos-relay] relay daemon is not running\n[chaos-relay] start it with: chaos-relay start\n',
    })
    expect(await world.run(['stop'])).toMatchObject({ code: 0, stdout: '[chaos-relay] relay already stopped\n' })
    const started = await world.run(['start'])
    const { pid, port } = world.state() ?? {}
    expect(started).toMatchObject({
      code: 0,
      stderr: '',
      stdout: `[chaos-relay] relay started in daemon mode (pid ${pid})\n[chaos-relay] logs: ${world.logPath}\n[chaos-relay] stop with: chaos-relay stop\n`,
    })
    const url = world.url()
    expect(await health(url)).toBe(200)
    const status = await world.run(['status'])
    expect(status.code).toBe(0)
    expect(status.stdout).toMatch(
      new RegExp(`relay daemon running \\(pid ${pid}\\)\n.*port: ${port}\n.*logs: .*relay.log\n.*started: 20.*Z\n`),
    )
    expect(await world.run(['start'])).toMatchObject({
      code: 0,
      stdout: `[chaos-relay] relay already running (pid ${pid}, port ${port})\n[chaos-relay] logs: ${world.logPath}\n`,
    })
    for (const path of [world.statePath, world.logPath]) expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await world.run(['stop'])).toMatchObject({ code: 0, stdout: `[chaos-relay] relay stopped (pid ${pid})\n` })
    await expect(health(url)).rejects.toThrow()
    expect(world.state()).toBeUndefined()
    expect((await world.run(['status'])).code).toBe(3)
  }, 60_000)

  it('remote:CLI10 status --json is for programs', async () => {
    const json = async () => JSON.parse((await world.run(['status', '--json'])).stdout)
    expect(await json()).toEqual({ running: false, daemon: null, suggestedCommand: 'chaos-relay start', logsFollowCommand: null })
    await world.run(['start'])
    const { pid, port, startedAt } = world.state() ?? {}
    expect(await json()).toEqual({
      running: true,
      daemon: { pid, port, logPath: world.logPath, startedAt },
      suggestedCommand: 'chaos-relay stop',
      logsFollowCommand: `tail -f ${world.logPath}`,
    })
  }, 60_000)

  it('remote:CLI16 a stale pid is recognised and never signalled, whoever has it now', async () => {
    await world.run(['start'])
    const state = world.state() ?? {}
    const session = await createClient(world.url())
    process.kill(Number(state.pid), 'SIGKILL')
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    undo.push(() => bystander.kill())
    for (const command of ['status', 'stop', 'start']) {
      writeFileSync(world.statePath, JSON.stringify({ ...state, pid: bystander.pid }))
      const { code, stdout } = await world.run([command])
      if (command === 'status') expect([code, stdout]).toEqual([3, expect.stringMatching(/not running \(pid \d+ is gone\)/)])
      if (command === 'stop') expect([code, stdout]).toEqual([0, '[chaos-relay] relay already stopped\n'])
      if (command === 'start') expect([code, stdout]).toEqual([0, expect.stringMatching(/started in daemon mode/)])
      if (command !== 'start') expect(world.state()).toBeUndefined()
      expect(isAlive(bystander.pid ?? 0)).toBe(true)
    }
    // What was there before the kill is there again.
    expect((await send(world.url(), '/channels', { headers: { Authorization: `Bearer ${session.apiKey}` } })).json.code).toBe(
      'signature_required',
    )
  }, 60_000)

  it('remote:CLI16 a relay in the foreground and a program that answers in its name are left alone', async () => {
    const impostor = createServer((_request, response) => response.end(JSON.stringify({ pid: process.pid, instanceId: 'wrong' })))
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve))
    undo.push(() => impostor.close())
    const address = impostor.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const foreground = spawnRelay(['serve', '--port', '0', '--data-dir', world.dataDir])
    undo.push(async () => {
      foreground.child.kill('SIGTERM')
      await foreground.ended
    })
    const url = await foreground.listening
    const state = {
      pid: process.pid,
      port,
      url: `http://127.0.0.1:${port}`,
      logPath: '/x',
      startedAt: 'x',
      instanceId: 'i'.repeat(32),
    }
    writeFileSync(world.statePath, JSON.stringify(state))
    expect(await world.run(['status'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/was not started with "start"/) })
    for (const command of ['stop', 'start', 'restart'])
      expect(await world.run([command])).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/was not started with "start"/),
      })
    expect(await health(url)).toBe(200)
  }, 60_000)

  it('remote:CLI17 two starts at once give one daemon', async () => {
    const [one, two] = await Promise.all([world.run(['start']), world.run(['start'])])
    expect([one.code, two.code]).toEqual([0, 0])
    const pid = world.state()?.pid
    const said = [one.stdout, two.stdout].sort()
    expect(said[0]).toContain(`relay already running (pid ${pid},`)
    expect(said[1]).toContain(`relay started in daemon mode (pid ${pid})`)
  }, 60_000)

  it('remote:CLI8 restart gives another process on the same port and data', async () => {
    await world.run(['start'])
    const before = world.state() ?? {}
    const client = await createClient(world.url())
    const restarted = await world.run(['restart'])
    const after = world.state() ?? {}
    expect(restarted).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`relay restarted in daemon mode (pid ${after.pid})`),
    })
    expect(after.pid).not.toBe(before.pid)
    expect(after.port).toBe(before.port)
    expect((await client.get('/channels')).status).toBe(200)
  }, 60_000)

  it('relay:GEN8 stop waits until a running request is finished', async () => {
    await world.run(['start'])
    const { port } = world.state() ?? {}
    const slow = connect(Number(port), '127.0.0.1')
    undo.push(() => slow.destroy())
    let answer = ''
    slow.on('data', (chunk) => {
      answer += chunk
    })
    const slowEnded = new Promise((resolve) => slow.on('close', resolve))
    slow.write('POST /auth/register HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
    await new Promise((resolve) => slow.once('data', resolve))
    let stopped = false
    const stopping = world.run(['stop']).then((ended) => {
      stopped = true
      return ended
    })
    while ((await health(world.url()).catch(() => 0)) === 200) await new Promise((resolve) => setImmediate(resolve))
    expect(stopped).toBe(false)
    slow.write('{}')
    await slowEnded
    expect(answer).toMatch(/HTTP\/1\.1 200 OK\r\n/)
    expect(await stopping).toMatchObject({ code: 0, stdout: expect.stringMatching(/relay stopped/) })
  }, 60_000)

  it('remote:CLI3 remote:CLI4 remote:CLI5 remote:CLI6 what cannot start says why, and leaves no state behind', async () => {
    const occupied = createServer()
    await new Promise<void>((resolve) => occupied.listen(0, '127.0.0.1', resolve))
    undo.push(() => occupied.close())
    const address = occupied.address()
    const port = String(typeof address === 'object' && address ? address.port : 0)
    expect(await world.run(['start', '--port', port])).toMatchObject({
      code: 1,
      stderr: `[chaos-relay] port ${port} is already in use; stop the other program or pass --port\n`,
    })
    for (const wrong of ['0', 'x', '65536', '-1'])
      expect(await world.run(['start', `--port=${wrong}`])).toMatchObject({
        code: wrong === '65536' ? 2 : 1,
        stderr: expect.stringMatching(/(--port must be a number|PORT: must be a whole number) from (1|0) to 65535/),
      })
    expect(await world.run(['start'], { LOG_LEVEL: 'loud' })).toMatchObject({ code: 2, stderr: expect.stringMatching(/LOG_LEVEL/) })
    await world.run(['start'])
    expect(await world.run(['start', '--attached'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/relay daemon already running \(pid \d+\)\. Stop it first with: chaos-relay stop/),
    })
    await world.run(['stop'])
    const wrongKey = await world.run(['start'], { CHAOS_ENCRYPTION_KEY: 'another key than before' })
    expect(wrongKey).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/did not start[\s\S]*CHAOS_ENCRYPTION_KEY is not the key/),
    })
    expect(world.state()).toBeUndefined()
    expect((await world.run(['status'])).code).toBe(3)
  }, 60_000)

  it('remote:CLI16 who a daemon is, it tells to nobody else', async () => {
    await world.run(['start'])
    const { instanceId, pid } = world.state() ?? {}
    const ask = (bearer?: string) =>
      send(world.url(), '/daemon', bearer === undefined ? {} : { headers: { Authorization: `Bearer ${bearer}` } })
    expect((await ask(String(instanceId))).json).toEqual({ pid, instanceId })
    expect([(await ask()).status, (await ask('x'.repeat(32))).status]).toEqual([401, 401])
    const client = await createClient(world.url())
    expect((await client.get('/daemon')).json.code).toBe('not_found')
    expect((await send(world.url(), '/health')).text).not.toContain(String(instanceId))
  }, 60_000)
})
