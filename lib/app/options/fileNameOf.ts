/** Of a file that belongs to a profile, in letters every system takes. */
export function fileNameOf(profile: string, what: string): string {
  return `chaos-relay-${profile.replace(/[^a-z0-9._-]+/gi, '-')}-${what}.json`
}
