import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** What a store refuses in a script, and so do we: text that is run as code, and code from elsewhere. */
const IN_SCRIPTS: readonly [what: string, pattern: RegExp][] = [
  ['evaluates text as code', /\beval\s*\(|\bnew Function\b|[^.\w$]Function\s*\(\s*["'`]/],
  ['starts a timer with text', /\bset(?:Timeout|Interval)\s*\(\s*["'`]/],
  ['loads code from elsewhere', /\bimport\s*\(\s*["'`](?:https?:)?\/\/|\bimportScripts\s*\(\s*["'`](?:https?:)?\/\//],
  ['names a source map', /[#@]\s*sourceMappingURL=/],
]
const IN_PAGES: readonly [what: string, pattern: RegExp][] = [
  ['loads something from elsewhere', /<(?:script|link|iframe|img)\b[^>]*\b(?:src|href)\s*=\s*["']?(?:https?:)?\/\//i],
  ['holds a script in the page', /<script\b(?![^>]*\bsrc\b)[^>]*>/i],
  ['holds a handler in the page', /<[a-z][^>]*\son[a-z]+\s*=/i],
]
const IN_STYLES: readonly [what: string, pattern: RegExp][] = [
  ['loads something from elsewhere', /(?:url\(\s*["']?|@import\s+["'])(?:https?:)?\/\//i],
  ['names a source map', /[#@]\s*sourceMappingURL=/],
]
const RULES: Record<string, readonly [what: string, pattern: RegExp][]> = { js: IN_SCRIPTS, html: IN_PAGES, css: IN_STYLES }
/** Anything else has been put there by mistake. */
const KINDS = ['js', 'html', 'css', 'json', 'png']

/** What a store would refuse in a built extension, each with its file. client:STO3 */
export function storeTroubles(folder: string): string[] {
  return filesBelow(folder).flatMap((path) => {
    const name = relative(folder, path)
    const kind = name.split('.').at(-1) ?? ''
    if (!KINDS.includes(kind)) return [`${name}: does not belong into the package`]
    const rules = RULES[kind] ?? []
    const text = rules.length > 0 ? readFileSync(path, 'utf8') : ''
    return rules.flatMap(([what, pattern]) => {
      const found = pattern.exec(text)
      return found ? [`${name}: ${what} (${text.slice(Math.max(0, found.index - 20), found.index + 40)})`] : []
    })
  })
}

/** Before a package is made. */
export function refuseTroubles(folder: string): void {
  const troubles = storeTroubles(folder)
  if (troubles.length > 0) throw new Error(`A store would refuse this package:\n${troubles.join('\n')}`)
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
