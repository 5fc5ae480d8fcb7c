import { useLayoutEffect, useState } from 'preact/hooks'

/** A place in a page: the parts of its hash, decoded. `#/conversation/a%3Ab` is `['conversation', 'a:b']`. */
export type Route = readonly string[]

export function parseRoute(hash: string): Route {
  return hash
    .replace(/^#?\/?/, '')
    .split('/')
    .filter(Boolean)
    .map(decode)
}

/** A link to a place in this page. */
export function href(...route: Route): string {
  return `#/${route.map(encodeURIComponent).join('/')}`
}

/** Goes there. */
export function go(route: Route): void {
  location.hash = href(...route)
}

/** Is there instead of here: going back does not lead here again. */
export function replaceRoute(route: Route): void {
  history.replaceState(history.state, '', location.pathname + location.search + href(...route))
  dispatchEvent(new HashChangeEvent('hashchange'))
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash)
  useLayoutEffect(() => {
    const read = (): void => setHash(location.hash)
    addEventListener('hashchange', read)
    // It may have changed since the first look, before anyone listened.
    read()
    return () => removeEventListener('hashchange', read)
  }, [])
  return parseRoute(hash)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
