import type { browser } from 'wxt/browser'

type Browser = Pick<typeof browser, 'offscreen' | 'runtime'>

/**
 * Makes sure the offscreen document exists: never two of them, also when asked from several places at once. `true` when it was made now.
 * client:ARC2
 */
export function createOffscreenDocument({ offscreen, runtime }: Browser, path: string) {
  let making: Promise<boolean> | undefined

  const exists = async (): Promise<boolean> => (await runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] })).length > 0

  async function ensure(): Promise<boolean> {
    if (await exists()) return false
    try {
      await offscreen.createDocument({
        url: path,
        reasons: ['WORKERS'],
        justification: 'Keeps the connection to your relay open and stores what arrives, also while the service worker sleeps.',
      })
      return true
    } catch (error) {
      // A worker that died while making it left it behind half made; Chrome finished it.
      if (await exists()) return false
      throw error
    }
  }

  return (): Promise<boolean> => {
    making ??= ensure().finally(() => {
      making = undefined
    })
    return making
  }
}
