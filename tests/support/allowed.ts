import { execFileSync } from 'node:child_process'

/** The system calls of a group of systemd's, groups within it resolved. */
export function systemCalls(group: string): Set<string> {
  const lines = execFileSync('systemd-analyze', ['syscall-filter', '--no-pager', group], { encoding: 'utf8' }).split('\n').slice(1)
  const names = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  return new Set(names.flatMap((name) => (name.startsWith('@') ? [...systemCalls(name)] : [name])))
}

/** `Name=value` lines of a unit file; a name that stands more than once keeps its last value. */
export function unitSettings(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]))
}

/** What strace wrote, by what a service can be denied: calls made, socket families, and paths that were written to. */
export function readTrace(text: string) {
  const lines = text.split('\n').map((line) => line.replace(/^\d+ +/, ''))
  const calls = new Set(lines.flatMap((line) => /^([a-z]\w*)\(/.exec(line)?.[1] ?? []))
  const families = new Set(lines.flatMap((line) => /^socket\((AF_\w+)/.exec(line)?.[1] ?? []))
  const writing =
    /^(?:open(?:at)?\([^"]*"[^"]*", [^)]*O_(?:WRONLY|RDWR|CREAT)|(?:mkdir|rename|unlink|chmod|truncate|link|symlink)(?:at2?)?\()/
  const written = new Set(
    lines.filter((line) => writing.test(line)).flatMap((line) => [...line.matchAll(/"([^"]*)"/g)].map(([, path = '']) => path)),
  )
  return { calls, families, written }
}
