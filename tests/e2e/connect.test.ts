import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readStore } from '../support/browser/database.ts'
import { badge, countOffscreen, openPopup } from '../support/browser/extension.ts'
import { connectionIs, startWorld, type World } from '../support/browser/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

describe('a fresh install', () => {
  it('client:CRG1, SOC3 connects by itself, without a click, and the relay holds the session’s socket', async () => {
    const popup = await openPopup(world.chromium)
    await connectionIs(popup, 'connected')
    const health = (await (await fetch(`${world.relay.url}/health`)).json()) as { websockets: number }
    expect(health.websockets).toBe(1)
    expect(await badge(popup)).toBe('')
  })

  it('client:ARC1, ARC2 has one offscreen document, which holds the socket', async () => {
    const popup = await openPopup(world.chromium)
    expect(await countOffscreen(popup)).toBe(1)
  })

  it('client:IDN1 keeps a private key that cannot be exported, and pins the relay’s key (client:PIN1)', async () => {
    const popup = await openPopup(world.chromium)
    const exported = await popup.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open('chaos-relay')
        opening.onsuccess = () => resolve(opening.result)
      })
      const identity = await new Promise<{ privateKey: CryptoKey }>((resolve) => {
        const reading = database.transaction('identities').objectStore('identities').get('default')
        reading.onsuccess = () => resolve(reading.result)
      })
      database.close()
      return crypto.subtle.exportKey('jwk', identity.privateKey).then(
        () => 'exported',
        (error: DOMException) => error.name,
      )
    })
    expect(exported).toBe('InvalidAccessError')
    const [pin] = await readStore<{ origin: string; key: { crv: string } }>(popup, 'pins')
    expect(pin?.origin).toBe('http://127.0.0.1:8787')
    expect(pin?.key.crv).toBe('P-256')
  })

  it('client:ARC6 asks for no host permission', async () => {
    const popup = await openPopup(world.chromium)
    const granted = await popup.evaluate(() =>
      (
        globalThis as unknown as { chrome: { permissions: { getAll(): Promise<{ origins: string[]; permissions: string[] }> } } }
      ).chrome.permissions.getAll(),
    )
    expect(granted.origins).toEqual([])
    expect(granted.permissions.sort()).toEqual(['activeTab', 'alarms', 'contextMenus', 'notifications', 'offscreen', 'sidePanel'])
  })
})
