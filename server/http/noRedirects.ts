/**
 * The same fetch, which goes to the address it was given and nowhere else: where a platform says that something has moved to could be anywhere, also
 * inside the operator's network. Whoever asks for `manual` gets the redirect to look at. relay:ATT6
 */
export function withoutRedirects(ours: typeof fetch): typeof fetch {
  return (input, init) => ours(input, { ...init, redirect: init?.redirect === 'manual' ? 'manual' : 'error' })
}
