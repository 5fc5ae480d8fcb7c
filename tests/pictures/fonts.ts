import { spawnSync } from 'node:child_process'
import { aptCommand } from '../../scripts/setup/apt.mjs'

/** A language or family asked of fontconfig, and the Debian package that has it. */
const WANTED = [
  { pattern: ':lang=en:family=Noto Sans', name: 'Noto Sans', from: 'fonts-noto-core' },
  { pattern: ':lang=ja', name: 'Chinese and Japanese', from: 'fonts-noto-cjk' },
  { pattern: ':charset=1f389', name: 'emoji', from: 'fonts-noto-color-emoji' },
]

/** What to install for nicer pictures; nothing where all is there or there is no fontconfig to ask. The pictures are taken either way. */
export function fontAdvice(): string | undefined {
  const missing = WANTED.filter(({ pattern }) => {
    const asked = spawnSync('fc-list', [pattern, 'file'], { encoding: 'utf8' })
    return asked.status === 0 && asked.stdout.trim() === ''
  })
  if (missing.length === 0) return undefined
  const names = missing.map(({ name }) => name).join(', ')
  return `No font for ${names}: such letters are boxes. ${aptCommand(missing.map(({ from }) => from))}`
}
