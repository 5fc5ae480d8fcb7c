import type { browser } from 'wxt/browser'

type Listener = (...args: never[]) => unknown

/** An event of chrome: what listens, and a way to fire it. */
function event() {
  const listeners: Listener[] = []
  return {
    addListener: (listener: Listener) => void listeners.push(listener),
    listeners,
    fire: (...args: unknown[]) => Promise.all(listeners.map((listener) => listener(...(args as never[])))),
  }
}

/** As much of chrome as the service worker uses, remembering what it was asked to do. */
export function createFakeChrome() {
  const alarms = new Map<string, unknown>()
  const created: string[] = []
  const notices = new Map<string, Record<string, unknown>>()
  const windows: { url?: string; id: number; focused: number }[] = []
  const panels: unknown[] = []
  const menus: { id: string; title: string; contexts: string[]; documentUrlPatterns: string[] }[] = []
  const shots: unknown[][] = []
  const state = {
    documents: 0,
    creating: 0,
    badge: '',
    icon: '',
    picture: 'data:image/png;base64,iVBO',
    sent: [] as { name: string }[],
  }
  const onMessage = event()

  const chrome = {
    runtime: {
      id: 'own',
      onMessage,
      onInstalled: event(),
      onStartup: event(),
      getURL: (path: string) => `chrome-extension://own${path}`,
      async getContexts({ contextTypes }: { contextTypes: string[] }) {
        if (contextTypes.includes('OFFSCREEN_DOCUMENT')) return Array.from({ length: state.documents }, () => ({}))
        return windows.map(({ id, url }) => ({ windowId: id, tabId: id, documentUrl: url }))
      },
      async sendMessage(message: { name: string }) {
        state.sent.push(message)
        return { ok: true }
      },
    },
    offscreen: {
      async createDocument() {
        state.creating++
        await new Promise<void>((resolve) => setTimeout(resolve))
        if (state.documents > 0) throw new Error('Only a single offscreen document may be created.')
        state.documents++
      },
    },
    alarms: {
      onAlarm: event(),
      get: async (name: string) => alarms.get(name),
      async create(name: string, info: unknown) {
        created.push(name)
        alarms.set(name, info)
      },
    },
    action: {
      setBadgeText: async ({ text }: { text: string }) => {
        state.badge = text
      },
      setBadgeBackgroundColor: async () => undefined,
      setBadgeTextColor: async () => undefined,
      setIcon: async ({ path }: { path: Record<string, string> }) => {
        state.icon = path['16'] ?? ''
      },
    },
    notifications: {
      onClicked: event(),
      onButtonClicked: event(),
      async create(id: string, options: Record<string, unknown>) {
        notices.set(id, options)
        return id
      },
      getAll: async () => Object.fromEntries([...notices.keys()].map((id) => [id, true])),
      clear: async (id: string) => notices.delete(id),
    },
    commands: { onCommand: event() },
    sidePanel: {
      setOptions: async (options: unknown) => void panels.push(options),
      open: async (where: unknown) => void panels.push(where),
    },
    contextMenus: {
      onClicked: event(),
      removeAll: async () => void menus.splice(0),
      create: (menu: (typeof menus)[number]) => void menus.push(menu),
    },
    omnibox: { onInputChanged: event(), onInputEntered: event(), setDefaultSuggestion: () => undefined },
    i18n: { getMessage: (name: string) => name },
    tabs: {
      async captureVisibleTab(...asked: unknown[]): Promise<string> {
        shots.push(asked)
        return state.picture
      },
      async update(id: number, { url }: { url: string }) {
        const window = windows[id]
        if (window) window.url = url
      },
    },
    windows: {
      async create({ url }: { url: string }) {
        windows.push({ url, id: windows.length, focused: 0 })
      },
      async update(id: number) {
        const window = windows[id]
        if (window) window.focused++
      },
    },
  }
  return {
    chrome: chrome as unknown as typeof browser,
    raw: chrome,
    state,
    alarms,
    created,
    notices,
    windows,
    panels,
    menus,
    shots,
  }
}
export type FakeChrome = ReturnType<typeof createFakeChrome>
