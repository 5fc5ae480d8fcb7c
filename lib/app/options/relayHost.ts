import type { Shared } from './shared.ts'

/** The relay as people name it: host and port, without scheme and path. */
export function relayHost(shared: Shared): string {
  const url = shared.profile.value?.relayUrl ?? ''
  return URL.parse(url)?.host || url
}
