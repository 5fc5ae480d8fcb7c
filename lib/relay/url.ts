/** `origin` and `prefix` without a trailing slash; a request goes to `origin + prefix + target`, the signature covers `target` only. client:URL3 */
export type RelayUrl = { ok: true; url: string; origin: string; prefix: string } | { ok: false; reason: string }

const refuse = (reason: string): RelayUrl => ({ ok: false, reason })

/** Reads a relay address, saying what is wrong with it and what to write instead. client:URL1, URL2, URL3 */
export function parseRelayUrl(input: string): RelayUrl {
  const text = input.trim()
  if (text === '') return refuse('Enter the address of your relay, for example https://relay.example.com.')
  if (/\s/.test(text))
    return refuse('This looks like a command or a sentence. Enter only the address, for example https://relay.example.com.')
  if (/^[a-z0-9.-]+:\d+([/?#].*)?$/i.test(text))
    return refuse(`An address starts with http:// or https://. Did you mean ${suggest(text)}?`)
  if (text.startsWith('/') || text.startsWith('.'))
    return refuse('This is only a path. Enter the whole address, for example https://relay.example.com.')
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text))
    return refuse(`An address starts with http:// or https://. Did you mean ${suggest(text)}?`)
  if (!/^https?:\/\/[^/]/i.test(text)) return refuse('Only addresses that start with https:// (or http:// for this computer) work.')
  const url = read(text)
  if (!url) return refuse('This is not a complete address. Enter one like https://relay.example.com.')
  if (url.username || url.password)
    return refuse('Leave the user name and password out of the address; the extension signs in with its own key.')
  if (url.search || text.includes('?')) return refuse('Leave out everything from the question mark on.')
  if (url.hash || text.includes('#')) return refuse('Leave out everything from the # on.')
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return refuse(`Without encryption only a relay on this computer works. Use https://${url.host} instead.`)
  const prefix = url.pathname.replace(/\/+$/, '')
  return { ok: true, url: url.origin + prefix, origin: url.origin, prefix }
}

/** True for this computer's own addresses: localhost, 127.0.0.0/8, [::1]. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** Whether an address leads to this computer itself, which is reached without any network. client:SOC8 */
export function isLocalRelay(address: string): boolean {
  const relay = parseRelayUrl(address)
  return relay.ok && isLoopback(new URL(relay.url).hostname)
}

function suggest(text: string): string {
  const host = text.split(/[:/?#]/, 1)[0] ?? text
  return `${isLoopback(host) ? 'http' : 'https'}://${text}`
}

function read(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
