import type { browser } from 'wxt/browser'

type Browser = Pick<typeof browser, 'offscreen' | 'runtime'>

/**
 * Makes sure the offscreen document exists: never two of them, also when asked from several places at once. `true` when it was made now.
 * client:ARC2
 */
export function createOffscreenDocument({ offscreen, runtime }: Browser, path: string) {
  let making: Promise<boolean> | undefined

  async function ensure(): Promise<boolean> {
    const contexts = await runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] })
    if (contexts.length > 0) return false
    await offscreen.createDocument({
      url: path,
      reasons: ['WORKERS'],
      justification: 'Keeps the connection to your relay open and stores what arrives, also while the service worker sleeps.',
    })
    return true
  }

  return (): Promise<boolean> => {
    making ??= ensure().finally(() => {
      making = undefined
    })
    return making
  }
}
