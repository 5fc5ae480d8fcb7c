import type { ConnectSocket, SocketLike } from '../../../../lib/relay/socket.ts'

export type FakeSocket = SocketLike & {
  url: string
  protocols: string[]
  /** Frames the client sent. */
  sent: { type: string; [more: string]: unknown }[]
  closedWith: number | undefined
  accept(protocol?: string): void
  say(frame: unknown): void
  end(code: number): void
}

/** Sockets a test answers by hand. `refuse` makes new ones close before they open. */
export function createFakeSockets() {
  const all: FakeSocket[] = []
  const connect: ConnectSocket = (url, protocols) => {
    const socket: FakeSocket = {
      url,
      protocols,
      sent: [],
      closedWith: undefined,
      readyState: 0,
      protocol: '',
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (data) => void socket.sent.push(JSON.parse(String(data))),
      close: (code) => {
        socket.closedWith = code
      },
      accept(protocol = 'chaos.v2') {
        Object.assign(socket, { readyState: 1, protocol })
        socket.onopen?.(new Event('open'))
      },
      say(frame) {
        const data = typeof frame === 'string' || frame instanceof ArrayBuffer ? frame : JSON.stringify(frame)
        socket.onmessage?.(new MessageEvent('message', { data }))
      },
      end(code) {
        Object.assign(socket, { readyState: 3 })
        socket.onclose?.({ code } as CloseEvent)
      },
    }
    all.push(socket)
    return socket
  }
  return {
    connect,
    all,
    last: (): FakeSocket => {
      const socket = all.at(-1)
      if (!socket) throw new Error('no socket was opened')
      return socket
    },
  }
}
