import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { VERSION } from '../../server/version.ts'
import { createClient } from '../support/client.ts'
import { send } from '../support/http.ts'
import { spawnRelay, startRelayProcess } from '../support/relayProcess.ts'

describe('chaos-relay', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })

  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'chaos-cli-'))
    undo.push(() => rmSync(path, { recursive: true, force: true }))
    return path
  }

  it.each([[['serve']], [[]]])('relay:CLI1 %j serves, and prints exactly one line when it is ready', async (command) => {
    const process = spawnRelay([...command, '--port', '0', '--data-dir', folder(), '--host', '127.0.0.1'])
    const url = await process.listening
    expect((await send(url, '/health')).status).toBe(200)
    process.child.kill('SIGTERM')
    const { code, stdout } = await process.ended
    expect(stdout).toBe(`listening on ${url}\n`)
    expect(code).toBe(0)
  })

  it('relay:CLI1 variables are obeyed, flags win over them', async () => {
    const process = spawnRelay(['serve', '--port=0'], { PORT: '1', CHAOS_HOST: '127.0.0.2', CHAOS_DATA_DIR: ':memory:' })
    const url = await process.listening
    expect(url).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/)
    process.child.kill('SIGTERM')
    expect((await process.ended).code).toBe(0)
  })

  it('relay:ENV1 an invalid value ends with 2 and names variable and reason on stderr', async () => {
    const { code, stdout, stderr } = await spawnRelay(['serve'], { PORT: 'abc', LOG_LEVEL: 'loud', CHAOS_DATA_DIR: folder() }).ended
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/PORT: must be a whole number/)
    expect(stderr).toMatch(/LOG_LEVEL: /)
    expect(stderr).not.toMatch(/\bat .*\.ts/)
    const flag = await spawnRelay(['serve', '--port', '99999', '--data-dir', folder()]).ended
    expect([flag.code, flag.stderr]).toEqual([2, expect.stringContaining('PORT: ')])
  })

  it('relay:CLI1 a port in use ends with 1 and a sentence', async () => {
    const first = await startRelayProcess()
    undo.push(() => first.close())
    const { code, stderr } = await spawnRelay(['serve', '--port', String(first.port), '--data-dir', folder()]).ended
    expect([code, stderr]).toEqual([1, expect.stringMatching(/port is in use/)])
  })

  it('relay:STO1 a directory in which nothing can be made ends with 1 and a sentence, at once', async () => {
    const { code, stderr } = await spawnRelay(['serve', '--port', '0', '--data-dir', '/proc/chaos/data']).ended
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^chaos-relay: The data directory \/proc\/chaos\/data cannot be created/),
    ])
  })

  it('relay:STO1 a second relay on the same data ends with 1 and a sentence', async () => {
    const first = await startRelayProcess()
    undo.push(() => first.close())
    const { code, stderr } = await spawnRelay(['serve', '--port', '0', '--data-dir', first.dataDir]).ended
    expect([code, stderr]).toEqual([1, expect.stringMatching(/already running/)])
    expect(stderr).not.toMatch(/\bat .*\.ts/)
    expect((await send(first.url, '/health')).status).toBe(200)
  })

  it('relay:GEN8 SIGTERM and SIGINT exit 0; sessions are there after the next start', async () => {
    const relay = await startRelayProcess()
    undo.push(() => relay.close())
    const client = await createClient(relay.url)
    expect(await relay.kill('SIGTERM')).toMatchObject({ code: 0, signal: null })
    await relay.start()
    expect((await client.post('/ws/ticket')).status).toBe(200)
    expect(await relay.kill('SIGINT')).toMatchObject({ code: 0, signal: null })
  })

  it('relay:GEN8 a running request is finished, new connections are refused, idle ones do not hold it up', async () => {
    const relay = await startRelayProcess()
    undo.push(() => relay.close())
    const port = relay.port
    const idle = connect(port, '127.0.0.1')
    undo.push(() => idle.destroy())
    const slow = connect(port, '127.0.0.1')
    undo.push(() => slow.destroy())
    let answer = ''
    slow.on('data', (chunk) => {
      answer += chunk
    })
    const slowEnded = new Promise((resolve) => slow.on('close', resolve))
    slow.write('POST /auth/register HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
    await new Promise((resolve) => slow.once('data', resolve))
    expect(answer).toMatch(/^HTTP\/1\.1 100 /)
    const ended = relay.kill('SIGTERM')
    while (
      await send(relay.url, '/health').then(
        () => true,
        () => false,
      )
    )
      await new Promise((resolve) => setImmediate(resolve))
    slow.write('{}')
    await slowEnded
    expect(answer).toMatch(/HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toMatch(/\r\nConnection: close\r\n/)
    expect(await ended).toMatchObject({ code: 0 })
  })

  it('relay:SIG8 a nonce is refused after kill -9 and a new start', async () => {
    const relay = await startRelayProcess()
    undo.push(() => relay.close())
    const client = await createClient(relay.url)
    const signing = { nonce: 'nonce-before-the-kill', timestamp: new Date().toISOString() }
    expect((await client.post('/ws/ticket', undefined, { signing })).status).toBe(200)
    await relay.restart('SIGKILL')
    expect((await client.post('/ws/ticket', undefined, { signing })).json.code).toBe('replayed_nonce')
    expect((await client.register()).json.serverPublicKey).toEqual(client.serverPublicKey)
  })

  it('relay:CLI1 --version and --help answer and end', async () => {
    expect(await spawnRelay(['--version']).ended).toMatchObject({ code: 0, stdout: `${VERSION}\n` })
    expect(await spawnRelay(['--help']).ended).toMatchObject({ code: 0, stdout: expect.stringContaining('serve') })
    expect(await spawnRelay(['nonsense']).ended).toMatchObject({ code: 1 })
  })
})
