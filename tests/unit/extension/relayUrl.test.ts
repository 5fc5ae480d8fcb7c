import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRelayUrl } from '../../../lib/relay/url.ts'

const reason = (text: string): string => {
  const url = parseRelayUrl(text)
  return url.ok ? '' : url.reason
}

describe('relay addresses', () => {
  it.each([
    ['https://relay.example.com', 'https://relay.example.com', ''],
    ['https://relay.example.com:8443', 'https://relay.example.com:8443', ''],
    ['http://localhost:8787', 'http://localhost:8787', ''],
    ['http://127.0.0.1', 'http://127.0.0.1', ''],
    ['http://127.8.9.10:1', 'http://127.8.9.10:1', ''],
    ['http://[::1]:8787', 'http://[::1]:8787', ''],
    ['  https://relay.example.com  ', 'https://relay.example.com', ''],
  ])('client:URL1 %s is accepted', (text, origin, prefix) => {
    expect(parseRelayUrl(text)).toEqual({ ok: true, url: origin + prefix, origin, prefix })
  })

  it.each([
    ['https://relay.example.com/', 'https://relay.example.com', ''],
    ['https://relay.example.com///', 'https://relay.example.com', ''],
    ['https://example.com/chaos/', 'https://example.com', '/chaos'],
    ['https://example.com/a/b', 'https://example.com', '/a/b'],
  ])('client:URL3 %s loses its trailing slashes and keeps its path', (text, origin, prefix) => {
    expect(parseRelayUrl(text)).toEqual({ ok: true, url: origin + prefix, origin, prefix })
  })

  it.each([
    ['', 'Enter the address'],
    ['   ', 'Enter the address'],
    ['/chaos', 'only a path'],
    ['./chaos', 'only a path'],
    ['relay.example.com', 'Did you mean https://relay.example.com?'],
    ['relay.example.com/chaos', 'Did you mean https://relay.example.com/chaos?'],
    ['localhost:8787', 'Did you mean http://localhost:8787?'],
    ['127.0.0.1:8787', 'Did you mean http://127.0.0.1:8787?'],
    ['ftp://relay.example.com', 'Only addresses that start with https://'],
    ['file:///etc/passwd', 'Only addresses that start with https://'],
    ['javascript:alert(1)', 'Only addresses that start with https://'],
    ['ws://127.0.0.1', 'Only addresses that start with https://'],
    ['https:relay.example.com', 'Only addresses that start with https://'],
    ['https://user:secret@relay.example.com', 'user name and password'],
    ['https://user@relay.example.com', 'user name and password'],
    ['https://relay.example.com?x=1', 'question mark'],
    ['https://relay.example.com/?', 'question mark'],
    ['https://relay.example.com#top', '#'],
    ['https://relay.example.com/#', '#'],
    ['http://relay.example.com', 'Use https://relay.example.com instead'],
    ['http://192.168.1.2:8787', 'Use https://192.168.1.2:8787 instead'],
    ['http://localhost.example.com', 'Use https://'],
    ['http://127.0.0.1.example.com', 'Use https://'],
    ['curl https://relay.example.com', 'looks like a command'],
    ['npx chaos-relay\nhttp://127.0.0.1', 'looks like a command'],
    ['https://', 'Only addresses'],
    ['https://exa mple.com', 'looks like a command'],
  ])('client:URL2 %j is refused with a reason', (text, words) => {
    expect(reason(text)).toContain(words)
  })

  it('client:URL1, URL2 nothing but https and loopback http ever passes, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.webUrl({ withQueryParameters: true, withFragments: true })), (text) => {
        const url = parseRelayUrl(text)
        if (!url.ok) return url.reason.length > 0
        const read = new URL(url.url)
        const safe = read.protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(read.hostname)
        return safe && !read.search && !read.hash && !read.username && !read.password && !url.url.endsWith('/')
      }),
      { numRuns: 500 },
    )
  })
})
