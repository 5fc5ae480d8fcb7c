import { describe, expect, it } from 'vitest'
import { gzippedSizes, readBuilt } from '../support/bundles.ts'

/** KB gzipped; a context that seems to load next to nothing is one the measuring did not find. */
const budgets = { 'service worker': 30, 'offscreen document': 25, 'popup, first paint': 60 }

describe('bundle budgets', () => {
  it.each(Object.entries(budgets))('the %s loads at most %i KB', (name, limit) => {
    const size = gzippedSizes().find((one) => one.name === name)
    expect(size?.bytes).toBeGreaterThan(10 * 1024)
    expect((size?.bytes ?? Number.POSITIVE_INFINITY) / 1024).toBeLessThanOrEqual(limit)
  })

  it('client:ARC6, ARC8 the manifest asks for no host, allows no remote or evaluated script and lets no page connect', () => {
    const manifest = JSON.parse(readBuilt('manifest.json'))
    expect(manifest.host_permissions).toBeUndefined()
    expect(manifest.optional_host_permissions).toBeUndefined()
    expect(manifest.externally_connectable).toBeUndefined()
    expect(manifest.web_accessible_resources).toBeUndefined()
    expect(manifest.content_security_policy.extension_pages).toContain("script-src 'self';")
    expect(manifest.content_security_policy.extension_pages).not.toContain('unsafe')
  })
})
