import { MAX_FRAME_BYTES, SOCKET_PROTOCOL, TICKET_PREFIX } from '#protocol/limits.ts'
import { type ClientFrame, type ServerFrame, serverFrames } from '#protocol/socket.ts'

/** What of WebSocket is used; `connect` makes one. */
export type SocketLike = Pick<WebSocket, 'send' | 'close' | 'readyState' | 'protocol'> & {
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent) => void) | null
  onclose: ((event: CloseEvent) => void) | null
  onerror: ((event: Event) => void) | null
}
export type ConnectSocket = (url: string, protocols: string[]) => SocketLike

const OPEN = 1

/**
 * One WebSocket with a ticket as its second subprotocol (client:SOC1), speaking frames instead of text. Frames of unknown type are
 * skipped, unreadable ones counted; neither closes it (client:SOC11).
 */
export function openSocket({
  connect,
  relayUrl,
  ticket,
  onOpen,
  onFrame,
  onMalformed,
  onClose,
}: {
  connect: ConnectSocket
  /** http or https, with the relay's path prefix. */
  relayUrl: string
  ticket: string
  onOpen: (protocol: string) => void
  onFrame: (frame: ServerFrame) => void
  onMalformed: () => void
  onClose: (code: number) => void
}) {
  const socket = connect(`${relayUrl.replace(/^http/, 'ws')}/ws`, [SOCKET_PROTOCOL, `${TICKET_PREFIX}${ticket}`])
  let left = false
  socket.onopen = () => {
    if (!left) onOpen(socket.protocol)
  }
  socket.onmessage = (event) => {
    if (left) return
    const frame = readFrame(event.data)
    if (frame === 'malformed') onMalformed()
    else if (frame !== 'unknown') onFrame(frame)
  }
  socket.onclose = (event) => {
    if (!left) onClose(event.code)
    left = true
  }
  // The close that follows every error says all there is to say.
  socket.onerror = () => undefined

  return {
    send(frame: ClientFrame): boolean {
      if (left || socket.readyState !== OPEN) return false
      socket.send(JSON.stringify(frame))
      return true
    },
    /** Nothing is reported after this. */
    close(): void {
      left = true
      socket.close(1000)
    },
  }
}

function readFrame(data: unknown): ServerFrame | 'malformed' | 'unknown' {
  if (typeof data !== 'string' || data.length > MAX_FRAME_BYTES) return 'malformed'
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return 'malformed'
  }
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  if (typeof type !== 'string') return 'malformed'
  if (!Object.hasOwn(serverFrames, type)) return 'unknown'
  const frame = serverFrames[type as keyof typeof serverFrames].safeParse(value)
  return frame.success ? frame.data : 'malformed'
}
