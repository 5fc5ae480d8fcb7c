// `node scripts/completeLockfile.mjs`, after dependencies changed: names in package-lock.json the binaries of every platform. A registry that does
// not carry all of them leaves gaps when the lockfile is written, and `npm ci` then refuses the whole file. Entries made here have a pinned
// version but no integrity, and are used on their own platform only.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = {
  arm64: 'arm64',
  aarch64: 'arm64',
  x64: 'x64',
  x86_64: 'x64',
  arm: 'arm',
  ia32: 'ia32',
  ppc64: 'ppc64',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
  mips64el: 'mips64el',
}

let added = 0
for (const { optionalDependencies = {}, engines } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`
    const words = name.split(/[/-]/)
    const os = systems.find((system) => words.includes(system))
    const cpu = Object.keys(processors).find((processor) => words.includes(processor))
    if (lock.packages[path] || !os || !/^\d+\.\d+\.\d+$/.test(version)) continue
    const libc = os !== 'linux' ? undefined : words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined
    lock.packages[path] = {
      version,
      ...(cpu && { cpu: [processors[cpu]] }),
      dev: true,
      ...(libc && { libc }),
      optional: true,
      os: [os],
      ...(engines && { engines }),
    }
    added++
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} entries added`)
