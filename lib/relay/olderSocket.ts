import * as z from 'zod/mini'
import { MAX_FRAME_BYTES } from '#protocol/limits.ts'
import type { ConnectSocket } from './socket.ts'

/** What an older relay says. Its answers to a reply name no reply. relay:WS6, client:LEG3 */
const frameSchema = z.object({
  type: z.string(),
  message: z.optional(z.unknown()),
  responseId: z.optional(z.string()),
  error: z.optional(z.string()),
  code: z.optional(z.string()),
})
export type OlderFrame = z.infer<typeof frameSchema>

const OPEN = 1

/** One WebSocket opened with the token in its address, the only way older relays have. client:LEG1 */
export function openOlderSocket({
  connect,
  relayUrl,
  apiKey,
  onOpen,
  onFrame,
  onMalformed,
  onClose,
}: {
  connect: ConnectSocket
  relayUrl: string
  apiKey: string
  onOpen: () => void
  onFrame: (frame: OlderFrame) => void
  onMalformed: () => void
  onClose: (code: number) => void
}) {
  const socket = connect(`${relayUrl.replace(/^http/, 'ws')}/ws?token=${encodeURIComponent(apiKey)}`, [])
  let left = false
  socket.onopen = () => {
    if (!left) onOpen()
  }
  socket.onmessage = ({ data }) => {
    if (left) return
    const frame = read(data)
    if (frame) onFrame(frame)
    else onMalformed()
  }
  socket.onclose = ({ code }) => {
    if (!left) onClose(code)
    left = true
  }
  socket.onerror = () => undefined
  return {
    send(frame: object): boolean {
      if (left || socket.readyState !== OPEN) return false
      socket.send(JSON.stringify(frame))
      return true
    },
    close(): void {
      left = true
      socket.close(1000)
    },
  }
}

function read(data: unknown): OlderFrame | undefined {
  if (typeof data !== 'string' || data.length > MAX_FRAME_BYTES) return undefined
  try {
    const frame = frameSchema.safeParse(JSON.parse(data))
    return frame.success ? frame.data : undefined
  } catch {
    return undefined
  }
}
