/** Where a link leads: the host of a web address, a mail address. `undefined` for anything that must not be a link. client:ARC8 */
export function linkTarget(address: string): string | undefined {
  try {
    const url = new URL(address)
    if (url.protocol === 'mailto:') return decodeURIComponent(url.pathname)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.host : undefined
  } catch {
    return undefined
  }
}

/** Whether the words of a link are themselves its address or target, so that it need not be said beside them. */
export function saysTarget(words: string, address: string, target: string): boolean {
  const shown = words.trim().replace(/\/$/, '')
  return [address, address.replace(/^(?:https?:\/\/|mailto:)/i, ''), target].some((said) => said.replace(/\/$/, '') === shown)
}
