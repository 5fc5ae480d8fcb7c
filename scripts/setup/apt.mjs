import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const aptCommand = (packages) => `sudo apt-get install -y ${packages.join(' ')}`

/** Installs Debian packages when this user may; services that come along are not started, and nothing is removed for them. False when that is not possible here. */
export function aptInstall(packages) {
  if (!onPath('apt-get')) return false
  const root = process.getuid?.() === 0
  if (!root && spawnSync('sudo', ['-n', 'true']).status !== 0) return false
  // On the command line, because sudo drops the environment.
  const [command, ...first] = [
    ...(root ? [] : ['sudo', '-n']),
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'SYSTEMD_OFFLINE=1',
    'apt-get',
  ]
  const apt = (args) => spawnSync(command, [...first, ...args], { encoding: 'utf8' })
  apt(['update', '-qq'])
  const result = apt(['install', '-y', '-qq', '--no-install-recommends', '--no-remove', ...packages])
  if (result.status !== 0) console.error(result.stderr)
  return result.status === 0
}

/** Commands the tests or benchmarks start. Throws with the next step when one is missing and cannot be installed. */
export function ensureCommands(wanted) {
  const missing = Object.entries(wanted).filter(([command]) => !onPath(command))
  if (missing.length === 0) return
  const packages = missing.flatMap(([, names]) => names.split(' '))
  console.log(`• Installing ${packages.join(', ')}`)
  if (!aptInstall(packages))
    throw new Error(`Missing: ${missing.map(([command]) => command).join(', ')}. Install with: ${aptCommand(packages)}`)
}

/** Debian keeps servers in /usr/sbin, where not every user looks. */
export function onPath(command) {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].some((folder) => existsSync(join(folder, command)))
}
