/** Where Slack keeps files, and where it takes them. relay:ATT6 */
const PROVIDER_HOSTS = new Set(['files.slack.com', 'slack-files.com'])

/** Whether bytes may be fetched from, or sent to, this address: Slack's own file hosts, or whatever stands in for Slack by configuration. */
export function isFileAddress(address: string, apiRoot: string): boolean {
  const url = URL.parse(address)
  if (!url || url.username || url.password) return false
  if (url.origin === new URL(apiRoot).origin) return true
  return url.protocol === 'https:' && url.port === '' && PROVIDER_HOSTS.has(url.hostname)
}
