import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../support/client.ts'
import { freePort } from '../support/proxies.ts'
import { spawnRelay } from '../support/relayProcess.ts'
import { copyTo, repositoryFiles } from '../support/repositoryCopy.ts'
import { createWebhook } from '../support/webhook.ts'

const dockerfile = readFileSync('deploy/Dockerfile', 'utf8')
/** Arguments of each instruction of a kind, in order. */
const instructions = (kind: string) => [...dockerfile.matchAll(new RegExp(`^${kind} (.*)$`, 'gm'))].map(([, rest = '']) => rest)
const words = (kind: string): string[] => JSON.parse(instructions(kind)[0] ?? '[]')
/** `node` is the one that runs the tests. */
const program = (name: string) => (name === 'node' ? process.execPath : name)

/** What Docker would be sent: .dockerignore names what is not left out, git what is no product of a build. */
function contextFiles(): string[] {
  const [everything, ...kept] = readFileSync('.dockerignore', 'utf8').trim().split('\n')
  expect(everything).toBe('**')
  return repositoryFiles(kept.map((line) => line.replace(/^!/, '')).flatMap((name) => [`:(glob)${name}`, `:(glob)${name}/**`]))
}

/** There is no Docker here: the steps are taken one by one, in folders instead of layers. The image itself is not built. */
describe('deploy/Dockerfile', () => {
  let folder: string
  const inside = (path: string) => join(folder, 'image', path)
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'chaos-image-'))
    const context = join(folder, 'src')
    mkdirSync(context)
    copyTo(context, contextFiles())
    expect(instructions('RUN')[0]).toBe('npm run build')
    const { PATH = '', HOME = '' } = process.env
    execFileSync('npm', ['run', 'build'], { cwd: context, env: { PATH, HOME }, stdio: ['ignore', 'ignore', 'inherit'] })
    for (const copied of instructions('COPY --from=build')) {
      const paths = copied.split(' ')
      const target = paths.pop() ?? ''
      for (const path of paths)
        cpSync(path.replace('/src', context), inside(target.endsWith('/') ? `${target}${basename(path)}` : target), {
          recursive: true,
        })
    }
    rmSync(context, { recursive: true })
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('relay:PKG3 holds the package, and runs as nobody special on a volume of its own', () => {
    expect(existsSync(inside('/opt/chaos-relay/dist/extension/manifest.json'))).toBe(true)
    expect(existsSync(inside('/opt/chaos-relay/LICENSE'))).toBe(true)
    expect(existsSync(inside('/opt/chaos-relay/server'))).toBe(false)
    expect(instructions('USER')).toEqual(['node'])
    expect(instructions('VOLUME')).toEqual(['/data'])
    expect(instructions('ENV')[0]?.split(' ')).toContain('CHAOS_DATA_DIR=/data')
  })

  it('relay:PKG3 its entry point serves, and its health check tells a relay that is well from none', async () => {
    const [first = '', script = '', ...others] = [...words('ENTRYPOINT'), ...words('CMD')]
    expect(first).toBe('node')
    const port = String(await freePort())
    const env = { PORT: port, CHAOS_DATA_DIR: join(folder, 'data'), LOG_FORMAT: 'json' }
    const relay = spawnRelay(others, env, inside(script))
    const client = await createClient(await relay.listening)
    const webhook = await createWebhook(client)
    await webhook.say('hello, container')
    const [command = '', ...args] = JSON.parse(/ CMD (\[.*\])$/.exec(instructions('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]')
    const check = () => spawnSync(program(command), args, { encoding: 'utf8', env })
    expect(check()).toMatchObject({ status: 0, stderr: '' })
    relay.child.kill('SIGTERM')
    expect((await relay.ended).code).toBe(0)
    expect(check().status).toBe(1)
  })
})
