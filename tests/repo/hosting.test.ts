import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { listFiles } from './sources.ts'

const guide = readFileSync('docs/self-hosting.md', 'utf8')
const tests = listFiles('tests', /\.ts$/)
  .filter((path) => !path.startsWith('tests/repo/'))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')

describe('docs/self-hosting.md', () => {
  it('names every proxy file, and each is started by a test', () => {
    const files = listFiles('docs/proxies', /./).map((path) => path.slice('docs/proxies/'.length))
    expect(files).toHaveLength(4)
    for (const file of files) {
      expect(guide).toContain(`(proxies/${file})`)
      expect(tests).toContain(`'${file}'`)
    }
  })

  it('shows the file for Caddy as it is', () => {
    expect(guide).toContain(`\`\`\`\n${readFileSync('docs/proxies/caddy.conf', 'utf8')}\`\`\``)
  })
})

describe('examples/', () => {
  it('names every example in its README, and each is run by a test', () => {
    const readme = readFileSync('examples/README.md', 'utf8')
    const files = listFiles('examples', /\.(sh|mjs|py)$/).map((path) => path.slice('examples/'.length))
    expect(files.length).toBeGreaterThan(5)
    for (const file of files) {
      expect(readme).toContain(`(${file})`)
      expect(tests).toContain(`runExample('${file}'`)
    }
  })
})
