import type { browser } from 'wxt/browser'

type Browser = typeof browser
/** As lib/messaging/serve.ts makes them: `true` is a promise to respond. */
type Listener = (message: unknown, sender: { id?: string }, respond: (reply: unknown) => void) => true | undefined

/**
 * Firefox as the worker and the offscreen document know Chrome. It has no offscreen documents: its background page is one, so `openDocument`
 * starts in this very page what Chrome starts in a page of its own, and messages between the two stay here. client:FFX1
 */
export function likeChrome(firefox: Browser, openDocument: (chrome: Browser) => void): Browser {
  const listeners: Listener[] = []
  const documents: object[] = []

  const runtime = {
    ...pick(firefox.runtime, ['id', 'onInstalled', 'onStartup', 'getURL']),
    onMessage: {
      addListener(listener: Listener): void {
        listeners.push(listener)
        firefox.runtime.onMessage.addListener(listener)
      },
    },
    /** To whoever listens in this page: nobody else answers, and Firefox does not deliver to the page that sends. */
    sendMessage: (message: unknown): Promise<unknown> =>
      new Promise((resolve) => {
        const sender = { id: firefox.runtime.id }
        if (!listeners.some((listener) => (listener(message, sender, resolve) as unknown) === true)) resolve(undefined)
      }),
    getContexts: async (wanted: { contextTypes: string[] }): Promise<unknown[]> =>
      wanted.contextTypes.includes('OFFSCREEN_DOCUMENT') ? documents : firefox.runtime.getContexts(wanted as never),
  }
  const chrome = {
    ...pick(firefox, ['action', 'alarms', 'commands', 'contextMenus', 'i18n', 'tabs', 'windows']),
    runtime,
    notifications: withoutButtons(firefox.notifications),
    omnibox: { ...pick(firefox.omnibox, ['onInputEntered', 'setDefaultSuggestion']), onInputChanged: inPlainText(firefox.omnibox) },
    offscreen: {
      async createDocument(): Promise<void> {
        documents.push({})
        openDocument(chrome)
      },
      /** What runs in this page ends with it: the extension begins anew. */
      closeDocument: async (): Promise<void> => firefox.runtime.reload(),
    },
  } as unknown as Browser
  return chrome
}

/** Firefox refuses a notification that has buttons; a click on it opens the conversation all the same. client:FFX3 */
function withoutButtons(notifications: Browser['notifications']): unknown {
  return {
    ...pick(notifications, ['onClicked', 'onButtonClicked', 'getAll', 'clear']),
    create: (id: string, { buttons: _, ...options }: { buttons?: unknown }) => notifications.create(id, options as never),
  }
}

/** Firefox shows what it is given letter by letter. client:OMB1 */
function inPlainText({ onInputChanged }: Browser['omnibox']) {
  const plain = (text: string): string =>
    text.replace(/<\/?match>/g, '').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
  type Suggestion = { content: string; description: string }
  return {
    addListener: (listener: (text: string, suggest: (found: Suggestion[]) => void) => void): void =>
      onInputChanged.addListener((text, suggest) =>
        listener(text, (found) => suggest(found.map(({ content, description }) => ({ content, description: plain(description) })))),
      ),
  }
}

function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>
}
